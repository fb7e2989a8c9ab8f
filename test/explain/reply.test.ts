// The explanation of a reply: complete tables, and the right sentence for what servers really say.
import { describe, expect, test } from 'vitest';
import { enhancedCodes } from '../../shared/explain/enhanced-codes.ts';
import { providerCodes, providerRows } from '../../shared/explain/provider-codes.ts';
import { explainReply } from '../../shared/explain/reply.ts';
import { replyCodes } from '../../shared/explain/reply-codes.ts';

const standard = [
  ...[211, 214, 220, 221, 235, 250, 251, 252, 253, 334, 354, 421, 422, 432, 450, 451, 452, 453, 454, 455],
  ...[458, 459, 500, 501, 502, 503, 504, 521, 523, 524, 525, 530, 534, 535, 538, 550, 551, 552, 553, 554],
  ...[555, 556],
];

test.each(standard)('the reply code %i of the standards is explained', (code) => {
  const { class: name, meaning, advice, reference } = explainReply(code, null, '');
  expect(name).toBe(
    { 2: 'success', 3: 'more expected', 4: 'transient failure', 5: 'permanent failure' }[
      Math.floor(code / 100)
    ],
  );
  for (const text of [meaning, advice]) expect(text).toMatch(/^[A-Z].{5,}\.$/s);
  expect(reference).toMatch(/^RFC \d+ /);
  expect(replyCodes[code]).toBeDefined();
});

const registered: [subject: number, last: number][] = [
  [0, 0],
  [1, 10],
  [2, 4],
  [3, 6],
  [4, 7],
  [5, 6],
  [6, 10],
  [7, 30],
];

test('every registered enhanced code is in the table, once, with its own text', () => {
  const wanted = registered.flatMap(([subject, last]) =>
    Array.from({ length: last + 1 }, (_, detail) => `${subject}.${detail}`),
  );
  expect([...enhancedCodes.keys()].sort()).toEqual(wanted.sort());
  const meanings = [...enhancedCodes.values()].map(([meaning]) => meaning);
  expect(new Set(meanings).size).toBe(meanings.length);
  for (const row of enhancedCodes.values()) for (const text of row) expect(text.length).toBeGreaterThan(5);
});

test('a code of one provider never hides a registered one', () => {
  expect([...providerCodes.keys()].filter((code) => enhancedCodes.has(code))).toEqual([]);
});

test('a failure that is temporary asks for a retry, a permanent one does not', () => {
  for (const code of standard.filter((code) => code >= 400)) {
    const { advice } = explainReply(code, null, 'x');
    if (code >= 500) expect(advice).not.toMatch(/^Retry|Try the same again/);
  }
  expect(explainReply(451, null, '').advice).toMatch(/again later/);
  expect(explainReply(450, '4.2.2', 'Mailbox is full').advice).toMatch(/^Retry/);
  expect(explainReply(500, null, '').advice).toMatch(/^Do not retry unchanged\. Correct the client/);
});

describe('the text of a real server tells more than its code', () => {
  test.each([
    [
      '550',
      '5.1.1',
      'The email account that you tried to reach does not exist. https://support.google.com/mail/?p=NoSuchUser',
      /mailbox does not exist/,
      /Stop sending/,
    ],
    [
      '450',
      '4.2.0',
      '<b@x.test>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/',
      /Greylisting/,
      /Retry after some minutes/,
    ],
    [
      '535',
      '5.7.139',
      'Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
      /SMTP AUTH/,
      /OAuth 2/,
    ],
    ['554', '5.7.1', '<b@x.test>: Relay access denied', /does not forward/, /Log in first/],
    [
      '550',
      '5.7.26',
      "Unauthenticated email from x.test is not accepted due to domain's DMARC policy.",
      /DMARC/,
      /SPF, sign with DKIM/,
    ],
    [
      '554',
      '5.7.1',
      'Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
      /blocklist/,
      /ask for removal/,
    ],
    [
      '504',
      '5.5.2',
      '<vm>: Helo command rejected: need fully-qualified hostname',
      /name that the client gave/,
      /full host name/,
    ],
    ['552', '5.3.4', 'Message size exceeds fixed limit', /too big/, /Make it smaller/],
    ['521', '5.5.2', 'mx.test Error: bare <LF> received', /line feeds/, /CRLF/],
    ['454', null, 'Throttling failure: Maximum sending rate exceeded.', /More was sent/, /more slowly/],
    ['550', null, 'maximum allowed line length is 998 octets, got 1003', /998 bytes/, /quoted-printable/],
    [
      '421',
      '4.7.0',
      '[TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume',
      /reputation/,
      /retry later/,
    ],
    [
      '530',
      '5.7.57',
      'SMTP; Client was not authenticated to send anonymous mail during MAIL FROM',
      /login is required/i,
      /Set user and password/,
    ],
  ])('%s %s %s', (code, enhanced, text, meaning, advice) => {
    const explained = explainReply(Number(code), enhanced, text);
    expect(explained.meaning).toMatch(meaning);
    expect(explained.advice).toMatch(advice);
  });

  test('every pattern is of its own use and has its sentence', () => {
    expect(new Set(providerRows.map(([pattern]) => pattern.source)).size).toBe(providerRows.length);
    expect(new Set(providerRows.map(([, meaning]) => meaning)).size).toBe(providerRows.length);
  });

  test('a success is not explained by a word in it', () => {
    expect(explainReply(250, '2.0.0', 'Ok, no virus found').meaning).toBe(
      'The command was carried out. There is no more exact status.',
    );
  });
});

test('an enhanced code that is still in the text is read there', () => {
  expect(explainReply(550, null, '5.1.1 no such user').reference).toBe('RFC 5321 4.2.3, RFC 3463 3.2');
  expect(explainReply(550, '5.1.1', 'x').reference).toBe('RFC 5321 4.2.3, RFC 3463 3.2');
});

test('an enhanced code of another class than the reply is told', () => {
  expect(explainReply(450, '5.1.1', 'x').meaning).toContain(
    'The class 5 of 5.1.1 contradicts 450, which counts.',
  );
  expect(explainReply(450, '5.1.1', 'x').advice).not.toMatch(/Stop sending/);
});

test('unknown codes are explained by their digits', () => {
  expect(explainReply(499, null, '')).toMatchObject({
    class: 'transient failure',
    reference: 'RFC 5321 4.2.1',
  });
  expect(explainReply(558, '5.9.9', '').meaning).toBe(
    'It was refused for good. It is about the mail system. It is of an undefined kind. 5.9.9 is not registered.',
  );
  for (const code of [0, -1, 99, 199, 600, 25.5, Number.NaN, Infinity])
    expect(explainReply(code, null, 'HTTP/1.1 400').class).toBe('not a reply code');
});
