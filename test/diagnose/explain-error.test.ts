// What programs print leads to the rule that it is about, whatever else stands around it.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findRule } from '../../shared/diagnose/catalogue.ts';
import { allErrors } from '../../shared/diagnose/errors/all-errors.ts';
import { explainError } from '../../shared/diagnose/explain-error.ts';
import { faultPresets } from '../../shared/fault-presets/presets.ts';
import { errorMatch } from '../../shared/finding.ts';
import { cpuNow } from '../support/cpu-time.ts';

/** As they were measured, or read in the sources of the programs, by the rule that each is about. */
const errorTexts = JSON.parse(
  readFileSync(new URL('../fixtures/error-texts.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;

const cases = Object.entries(errorTexts).flatMap(([rule, texts]) =>
  texts.map((text) => [rule, text] as const),
);

test('every rule with texts is in the catalogue', () => {
  for (const id of [...Object.keys(allErrors), ...Object.keys(errorTexts)])
    expect(findRule(id), id).toBeDefined();
});

test('what programs print is known by its rule, and is said whole', () => {
  const wrong = cases.flatMap(([rule, text]) => {
    const [first] = explainError(text);
    return first?.rule.id === rule ? [] : [`${text}: ${first?.rule.id}, not ${rule}`];
  });
  expect(wrong).toEqual([]);
  for (const [, text] of cases)
    for (const match of explainError(text)) {
      errorMatch.parse(match);
      const { title, explanation, causes, fixes } = match.rule;
      expect([title, explanation, ...causes, ...fixes.map((fix) => fix.text)].join(' ')).not.toMatch(
        /\{\w+\}|undefined/,
      );
      expect(match.rule.fixes.length, match.rule.id).toBeGreaterThan(0);
    }
});

test.each([
  ['Error: connect ECONNREFUSED 127.0.0.1:1025', 'Nothing', '127.0.0.1:1025'],
  ['connect ENETUNREACH 2a00:1450:400c:c0b::6c:587 - Local (:::0)', 'IPv6', '[2a00:1450:400c:c0b::6c]:587'],
  ['Unable to connect to mail.example.com:587 (Connection timed out)', 'reached', 'mail.example.com:587'],
  ['getaddrinfo ENOTFOUND mailhog', 'not found', 'mailhog'],
  ['is valid for x.test, not localhost', '', ''],
  ['x509: certificate is valid for mail.other.test, not localhost', 'host name', 'localhost'],
])('host and port of %s are in the words', (text, title, place) => {
  const [first] = explainError(text);
  if (place === '') return expect(first).toBeUndefined();
  expect(first!.rule.title).toContain(title);
  expect(first!.rule.explanation).toContain(place);
});

test('what stands elsewhere in a log is not taken for the server', () => {
  const log = (...lines: string[]): string => explainError(lines.join('\n'))[0]!.rule.explanation;
  const far = [
    'listening on api.example.com:3000',
    'one',
    'two',
    'self-signed certificate',
    'at TLS.java:99',
  ];
  expect(log(...far)).toContain('of the server: it is self-signed');
  expect(log(...far.slice(2), 'redis://cache.example.com:6379')).toContain('of the server: it is');
  expect(log('one', 'connect to mail.example.com:587', 'two', 'self-signed certificate')).toContain(
    'of the server at mail.example.com:587: it is',
  );
  expect(log('self-signed certificate', 'one', 'mail.example.com:587', 'two')).toContain('example.com:587');
  expect(log('self-signed certificate', 'one', 'two', 'mail.example.com:587')).not.toContain('587');
  expect(log('535 5.7.8 Error', 'one', 'two', '127.0.0.1:3000')).not.toContain('3000');
});

test('the error of another service beside it hides nothing', () => {
  const log = (...lines: string[]): string[] => explainError(lines.join('\n')).map(({ rule }) => rule.id);
  const redis = 'Error: connect ECONNREFUSED 127.0.0.1:6379';
  expect(log(redis, 'Error: connect ECONNREFUSED 127.0.0.1:1025')).toEqual(['network.refused']);
  expect(explainError(`${redis}\nError: connect ECONNREFUSED 127.0.0.1:1025`)[0]!.text).toContain('1025');
  expect(log('mail: dial tcp 10.0.0.5:443: i/o timeout')).toEqual(['network.timeout']);
  expect(log('554 5.7.1 Client host blocked, see https://www.spamhaus.org/query/ip/192.0.2.1')).toHaveLength(
    1,
  );
});

test('a log around it tells the client, whose settings come first', () => {
  const log = (text: string): ReturnType<typeof explainError>[number] => explainError(text)[0]!;
  const node = log(
    `Error: self-signed certificate\n    at TLSSocket.onConnectSecure (node:_tls_wrap:1674:34)\n  code: 'ESOCKET',\n  command: 'CONN'`,
  );
  expect(node).toMatchObject({ client: 'nodemailer', rule: { id: 'tls.certificate-rejected' } });
  expect(node.rule.fixes.flatMap(({ snippets }) => snippets)[0]).toMatchObject({ client: 'nodemailer' });
  expect(
    log(
      '  File "/app/django/core/mail/backends/smtp.py", line 120\nsmtplib.SMTPServerDisconnected: please run connect() first',
    ),
  ).toMatchObject({ client: 'Django', rule: { id: 'network.not-connected' } });
  expect(log('\u001b[31mmsmtp: the server does not support authentication\u001b[0m\r\n')).toMatchObject({
    client: 'msmtp',
    text: 'the server does not support authentication',
  });
});

test('a reply of a provider is explained, and the simulated failure that answers the same is named', () => {
  const full = `Error: Can't send mail - all recipients were rejected: 452-4.2.2 The recipient's inbox is out of storage space. Please direct the\n452-4.2.2 recipient to\n452 4.2.2  https://support.google.com/mail/?p=OverQuotaTemp d75a77b69052e`;
  expect(explainError(full)[0]).toMatchObject({
    rule: { id: 'server.recipient-refused', explanation: expect.stringContaining('The mailbox is full') },
    preset: 'gmail/over-quota',
  });
  expect(
    explainError(
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    )[0],
  ).toMatchObject({
    rule: { id: 'auth.failed', explanation: expect.stringContaining('an app password does not help') },
    preset: 'microsoft/smtp-auth-disabled',
  });
});

test('for a server elsewhere no settings of Mailscope are advised, where others are known', () => {
  const fixesOf = (host: string): string =>
    explainError(`${host}:587 535 5.7.8 Error: authentication failed`)[0]!
      .rule.fixes.map(({ text }) => text)
      .join(' ');
  expect(fixesOf('localhost')).toContain('Mailscope');
  expect(fixesOf('smtp.example.com')).not.toContain('Mailscope');
});

test('most replies of the presets lead back to a preset that answers the same', () => {
  const replies = faultPresets.flatMap(({ name, reply }) =>
    reply === null || (reply.text ?? '').length < 20 ? [] : [{ name, reply }],
  );
  const back = replies.filter(({ reply: { code, enhanced, text } }) => {
    const lines = (text ?? '').replaceAll(/\{\w+\}/g, 'x').split('\n');
    const said = lines.map((one) => `${code}-${enhanced === null ? '' : `${enhanced} `}${one}`).join('\n');
    const preset = explainError(`SERVER -> CLIENT: ${said}`).find((match) => match.preset !== null)?.preset;
    const same = faultPresets.find((one) => one.name === preset);
    return same?.reply?.code === code;
  });
  expect(replies.length).toBeGreaterThan(100);
  expect(back.length / replies.length).toBeGreaterThan(0.9);
});

test.each([
  '',
  'hello world',
  'Server listening on http://localhost:3000',
  '127.0.0.1 - - [29/Nov/2026] "GET /535 HTTP/1.1" 200 550',
  'Sent 550 messages in 421 ms',
  '250 2.0.0 Ok: queued as 4XyZ',
  'Your order 454 4711 has been shipped.',
])('%s means nothing', (text) => {
  expect(explainError(text)).toEqual([]);
});

test('a hostile text costs no more than a long one', () => {
  const hostile = [
    'a',
    ' ',
    '4',
    '535 ',
    '550-5.7.1 x\n',
    '"',
    "Hostname/IP does not match certificate's altnames: Host: ",
    '(4',
    '::',
    'a.',
    'x509: certificate is valid for a, ',
    'host=',
    'Invalid address:  (From): ',
    'connect to a[',
    'dial tcp [',
    'SSL_connect',
    'lookup ',
    '\n',
    '\u001b[',
    'MAIL',
    '{host} ',
    ...cases
      .filter((_, index) => index % 12 === 0)
      .map(([, text]) => text.slice(0, Math.ceil(text.length / 2))),
  ];
  const before = cpuNow();
  for (const piece of hostile)
    expect(explainError(piece.repeat(20_000 / piece.length)).length).toBeLessThanOrEqual(10);
  expect((cpuNow() - before) / hostile.length).toBeLessThan(100);
});
