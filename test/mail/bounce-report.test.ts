import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { isNotified } from '../../server/mail/dsn-parameters.ts';
import { maxReturned, writeBounce, type BouncedMail } from '../../server/mail/bounce-report.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { parseDeliveryReport, type DeliveryReport } from '../../shared/explain/delivery-report.ts';
import type { EsmtpParameter } from '../../shared/transaction.ts';
import { findReport } from '../../web/parts/message/report-parts.ts';

const original = Buffer.from(
  'From: shop@example.com\r\nSubject: Your order\r\nMessage-ID: <1@x>\r\n\r\nHello.\r\n',
);
const params = (...given: string[]): EsmtpParameter[] =>
  given.map((one) => ({ name: one.split('=')[0]!, value: one.split('=')[1] ?? null }));
const unknown = { code: 550, enhanced: '5.1.1', text: 'No such user' };

const mail = (given: Partial<BouncedMail> = {}): BouncedMail => ({
  host: 'mail.example.net',
  from: { address: 'shop@example.com', params: [] },
  client: 'app.example.com',
  arrivedAt: new Date('2026-11-28T21:00:00Z'),
  reportedAt: new Date('2026-11-28T21:00:05Z'),
  recipients: [{ address: 'gone@example.org', params: [], reply: unknown }],
  original,
  unique: '1234',
  ...given,
});

/** What the page makes of it: of the parts as they were parsed. */
async function read(
  given: Partial<BouncedMail> = {},
): Promise<{ bytes: Buffer; report: DeliveryReport; returned: Buffer | null; types: string[] }> {
  const bytes = writeBounce(mail(given));
  const { structure, problem } = await parseMessage(bytes);
  expect(problem).toBeNull();
  const found = findReport(structure)!;
  const body = ({ bodyOffset, bodyLength }: { bodyOffset: number; bodyLength: number }): Buffer =>
    bytes.subarray(bodyOffset, bodyOffset + bodyLength);
  return {
    bytes,
    report: parseDeliveryReport(body(found.report).toString()),
    returned: found.original && body(found.original),
    types: structure!.children.map(({ contentType }) => contentType),
  };
}

test('a bounce says to whom it goes, that no person wrote it, and what came of the mail', async () => {
  const bytes = writeBounce(mail());
  const { headers, text, subject, to, from, attachments } = await simpleParser(bytes);
  expect({ subject, to: [to].flat()[0]?.text, from: from?.text }).toEqual({
    subject: 'Undelivered Mail Returned to Sender',
    to: 'shop@example.com',
    from: '"Mail Delivery System" <MAILER-DAEMON@mail.example.net>',
  });
  expect(headers.get('auto-submitted')).toBe('auto-replied');
  expect(headers.get('content-type')).toMatchObject({
    value: 'multipart/report',
    params: { 'report-type': 'delivery-status' },
  });
  expect(text).toContain('could not be delivered to:\n\n<gone@example.org>:\n    550 5.1.1 No such user');
  expect(text).toContain('Action: failed\nStatus: 5.1.1');
  expect(attachments.map(({ contentType }) => contentType)).toEqual(['message/rfc822']);
});

test('its report is read as those of other servers are, and the mail comes back as it was sent', async () => {
  const { report, returned, types } = await read();
  expect(types).toEqual(['text/plain', 'message/delivery-status', 'message/rfc822']);
  expect(returned).toEqual(original);
  expect(report).toEqual({
    fields: [
      { name: 'Reporting-MTA', type: 'dns', value: 'mail.example.net' },
      { name: 'Received-From-MTA', type: 'dns', value: 'app.example.com' },
      { name: 'Arrival-Date', type: '', value: 'Sat, 28 Nov 2026 21:00:00 +0000' },
    ],
    recipients: [
      {
        address: 'gone@example.org',
        action: 'failed',
        status: '5.1.1',
        fields: [
          { name: 'Remote-MTA', type: 'dns', value: 'mx.example.org' },
          { name: 'Diagnostic-Code', type: 'smtp', value: '550 5.1.1 No such user' },
          { name: 'Last-Attempt-Date', type: '', value: 'Sat, 28 Nov 2026 21:00:05 +0000' },
        ],
      },
    ],
    isTruncated: false,
  });
});

test('several recipients have a group each, and what is tried further is delayed', async () => {
  const { report, bytes } = await read({
    recipients: [
      { address: 'a@example.org', params: [], reply: unknown },
      { address: 'b@example.org', params: [], reply: { code: 451, enhanced: null, text: 'Busy' } },
    ],
  });
  expect(report.recipients).toMatchObject([
    { address: 'a@example.org', action: 'failed', status: '5.1.1' },
    { address: 'b@example.org', action: 'delayed', status: '4.0.0' },
  ]);
  expect(report.recipients[1]!.fields.at(-1)).toEqual({
    name: 'Will-Retry-Until',
    type: '',
    value: 'Thu, 03 Dec 2026 21:00:05 +0000',
  });
  expect(bytes.toString()).toMatch(/is tried further, to:\r\n\r\n<b@example.org>:\r\n {4}451 Busy\r\n/);
});

test('a report of nothing but a delay returns the header alone, and says so in its subject', async () => {
  const { returned, types, bytes } = await read({
    recipients: [
      { address: 'b@example.org', params: [], reply: { code: 451, enhanced: '4.4.1', text: 'Busy' } },
    ],
  });
  expect(types.at(-1)).toBe('text/rfc822-headers');
  expect(returned!.toString()).toMatch(/^From: .*Message-ID: <1@x>\r\n/s);
  expect(returned!.toString()).not.toContain('Hello');
  expect(bytes.toString()).toContain('\r\nSubject: Delayed Mail (still being retried)\r\n');
});

test('ENVID and ORCPT come back decoded, and RET=HDRS gets the header alone', async () => {
  const { report, types, returned } = await read({
    from: { address: 'shop@example.com', params: params('RET=hdrs', 'ENVID=order+2B17') },
    recipients: [
      { address: 'gone@example.org', params: params('ORCPT=rfc822;old+2Bone@example.org'), reply: unknown },
    ],
  });
  expect(report.fields[1]).toEqual({ name: 'Original-Envelope-Id', type: '', value: 'order+17' });
  expect(report.recipients[0]!.fields[0]).toEqual({
    name: 'Original-Recipient',
    type: 'rfc822',
    value: 'old+one@example.org',
  });
  expect(types.at(-1)).toBe('text/rfc822-headers');
  expect(returned!.toString()).not.toContain('Hello');
});

test('mail over a mebibyte comes back as its header, and mail that was deleted not at all', async () => {
  const large = Buffer.concat([original, Buffer.alloc(maxReturned, 'x')]);
  expect((await read({ original: large })).types.at(-1)).toBe('text/rfc822-headers');
  expect((await read({ original: null })).types).toEqual(['text/plain', 'message/delivery-status']);
});

test('a reply of several lines has its code on each, and a long one is folded', async () => {
  const text = `The account does not exist. Please try\ndouble-checking ${'the address '.repeat(20)}`.trim();
  const { report, bytes } = await read({
    recipients: [{ address: 'gone@example.org', params: [], reply: { ...unknown, text } }],
  });
  const said = report.recipients[0]!.fields.find(({ name }) => name === 'Diagnostic-Code')!.value;
  expect(said.replace(/\s+/g, ' ')).toBe(
    `550-5.1.1 The account does not exist. Please try 550 5.1.1 ${text.split('\n')[1]}`,
  );
  const fields = bytes.toString().slice(bytes.toString().indexOf('Diagnostic-Code'));
  for (const line of fields.split('\r\n').slice(0, 5)) expect(line.length).toBeLessThanOrEqual(80);
});

test('no line of it is over 998 bytes, whatever strangers sent (RFC 5322 2.1.1)', async () => {
  const long = (letter: string): string => letter.repeat(1990 / Buffer.byteLength(letter));
  for (const letter of ['x', 'ü', '😀']) {
    const { bytes, report, types } = await read({
      host: `${'h'.repeat(300)}.example.net`,
      client: long(letter),
      from: { address: `${long(letter).slice(0, 990)}@example.com`, params: params(`ENVID=${long('e')}`) },
      recipients: [
        {
          address: `${long(letter)}@example.org`,
          params: params(`ORCPT=${letter === 'x' ? 'rfc822' : 'utf-8'};${long(letter)}`),
          reply: { ...unknown, text: `${long(letter)}\n${long(letter)}` },
        },
      ],
    });
    expect(types.slice(1)).toHaveLength(2);
    const end = bytes.indexOf('Content-Description: Undelivered');
    const longest = bytes
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.length);
    expect(Math.max(...longest)).toBeLessThanOrEqual(998);
    const text = bytes.toString();
    expect(text).not.toContain('\ufffd');
    // Nothing of it is lost.
    expect(text.replace(/\r\n +/g, '')).toContain(`${long(letter)}@example.org`);
    expect(report.recipients[0]!.status).toBe('5.1.1');
  }
});

test('what a client sent can add neither a field nor a part', async () => {
  const { report, types, bytes } = await read({
    client: 'a\r\nX-Evil: 1',
    from: { address: 'a\r\nBcc: b@example.org', params: params('ENVID=x+0D+0AAction:+20delivered') },
    recipients: [
      {
        address: 'c\r\n\r\n--=_bounce_1234\r\n@example.org',
        params: params('ORCPT=rfc822+0A;x+0D+0A+0D+0Ay'),
        reply: { code: 550, enhanced: null, text: 'a\r\n\r\nb\x00' },
      },
    ],
  });
  expect(types).toEqual(['text/plain', 'message/delivery-status', 'message/rfc822']);
  expect(report.recipients).toHaveLength(1);
  expect(report.recipients[0]!.action).toBe('failed');
  expect(bytes.toString()).not.toMatch(/^(?:X-Evil|Bcc|Action: delivered)/m);
});

test('addresses beyond ASCII are reported as RFC 6533 has it, and 8-bit mail comes back as it is', async () => {
  const eightBit = Buffer.concat([original, Buffer.from('Grüße\r\n')]);
  const { report, types, returned, bytes } = await read({
    original: eightBit,
    recipients: [{ address: 'jörg@münchen.example', params: [], reply: unknown }],
  });
  expect(types).toEqual(['text/plain', 'message/global-delivery-status', 'message/global']);
  expect(report.recipients[0]).toMatchObject({ address: 'jörg@münchen.example', action: 'failed' });
  expect(bytes.toString()).toContain('Final-Recipient: utf-8; jörg@münchen.example\r\n');
  expect(returned).toEqual(eightBit);
  const plain = await read({ original: eightBit });
  expect(plain.types.at(-1)).toBe('message/rfc822');
  expect(plain.returned).toEqual(eightBit);
});

test.each([
  ['as it is', 'utf-8;jörg@münchen.example', true],
  ['in the form for 7 bits', String.raw`UTF-8;j\x{F6}rg@m\x{FC}nchen.example`, true],
  [
    'in the form for 7 bits, where all else is ASCII',
    String.raw`utf-8;j\x{F6}rg@m\x{FC}nchen.example`,
    false,
  ],
  ['as xtext of its bytes', 'utf-8;j+C3+B6rg@m+C3+BCnchen.example', true],
])('ORCPT of the type utf-8 comes back: %s (RFC 6533 3)', async (_how, orcpt, isGlobal) => {
  const address = isGlobal ? 'gone@grün.example' : 'gone@example.org';
  const { report, bytes } = await read({
    recipients: [{ address, params: params(`ORCPT=${orcpt}`), reply: unknown }],
  });
  const [kind, sent] = orcpt.split(';');
  expect(report.recipients[0]!.fields[0]).toEqual({
    ...{ name: 'Original-Recipient', type: kind, value: isGlobal ? 'jörg@münchen.example' : sent },
  });
  if (!isGlobal) expect(bytes.toString('latin1')).toMatch(/^[\x00-\x7f]*$/);
});

test('a report with an ORCPT beyond ASCII is of the kind that may have it, and one of another type stays as it was', async () => {
  const of = (orcpt: string): ReturnType<typeof read> =>
    read({ recipients: [{ address: 'a@b.test', params: params(`ORCPT=${orcpt}`), reply: unknown }] });
  expect((await of('utf-8;jörg@b.test')).types[1]).toBe('message/global-delivery-status');
  const { report, types } = await of('rfc822;j+C3+B6rg@b.test');
  expect(types[1]).toBe('message/delivery-status');
  expect(report.recipients[0]!.fields[0]!.value).toBe('j+C3+B6rg@b.test');
  const [hidden] = (await of(String.raw`utf-8;ö\x{A}Action:\x{D800}x`)).report.recipients;
  expect(hidden).toMatchObject({ action: 'failed' });
  expect(hidden!.fields[0]!.value).toBe(String.raw`ö\x{A}Action:\x{D800}x`);
});

test('NOTIFY says which reports are wanted; without it both may come', () => {
  expect(isNotified([], 'FAILURE')).toBe(true);
  expect(isNotified([], 'DELAY')).toBe(true);
  expect(isNotified(params('NOTIFY=NEVER'), 'FAILURE')).toBe(false);
  expect(isNotified(params('notify=success,failure'), 'FAILURE')).toBe(true);
  expect(isNotified(params('NOTIFY=SUCCESS,FAILURE'), 'DELAY')).toBe(false);
});
