import { simpleParser } from 'mailparser';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { address, attachment, headerField, part } from '../../shared/message.ts';
import type { Derived } from '../../server/store/store.ts';
import { decodePart } from '../../server/mail/decode-part.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { scanHeader } from '../../server/mail/scan-header.ts';
import { hostileMail, heavyNest } from '../support/hostile-mail.ts';
import { mailFixtureNames, readMailFixture } from '../support/mail-fixture.ts';
import { cpuNow } from '../support/cpu-time.ts';

const parse = (...lines: string[]): Promise<Derived> =>
  parseMessage(Buffer.from(lines.join('\r\n'), 'latin1'));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a parsed message', () => {
  test('has text as its reader sees it, flowed lines joined, and the HTML as sent', async () => {
    const derived = await parseMessage(readMailFixture('alternative.eml'));
    expect(derived).toMatchObject({
      ok: true,
      problem: null,
      messageId: '<1234.order@example.com>',
      snippet:
        'Your order came to 12 €. This is a paragraph that was wrapped by the sender and is one line for the reader.',
    });
    expect(derived.text).toContain('wrapped  by the sender');
    expect(derived.html).toContain('<p>Your order came to <b>12&nbsp;€</b>.</p>');
  });

  test('has every text part in its own charset', async () => {
    const derived = await parseMessage(readMailFixture('charsets.eml'));
    expect(derived.subject).toBe('Café€日本');
    expect(derived.text?.split('\n')).toEqual([
      'Café à la carte',
      '“quoted” € 5',
      '日本語の手紙',
      'Größe',
      'plain all the same',
    ]);
  });

  test('has text without a charset, or in one that only mailparser knows, readable', async () => {
    expect((await parseMessage(readMailFixture('eight-bit-headers.eml'))).text).toBe('Grüße\n');
    expect((await parse('Content-Type: text/html', '', '<p>Gr\xfc\xdfe</p>')).html).toBe('<p>Grüße</p>');
    expect((await parse('Content-Type: text/plain; charset=cp850', '', 'gr\x81n')).text).toBe('grün');
  });

  test('shows where its bytes are not what they claim to be', async () => {
    expect((await parse('Content-Type: text/plain; charset=utf-8', '', 'Gr\xfcn')).text).toBe('Gr\ufffdn');
  });

  test('lists its attachments, and what is attached is not part of the text', async () => {
    const raw = readMailFixture('attachments.eml');
    const derived = await parseMessage(raw);
    expect(derived.text).toBe('See the invoice.');
    expect(
      derived.attachments.map((file) => [file.part, file.filename, file.contentType, file.size]),
    ).toEqual([
      ['2', 'invoice.pdf', 'application/pdf', 777],
      ['3', 'lines.csv', 'text/csv', 8],
      ['4', 'notes.txt', 'text/plain', 20],
    ]);
    const pdf = derived.structure!.children[1]!;
    expect(pdf.sha256).toBe(sha256(decodePart(raw, pdf)));
    expect(derived.attachments[0]?.sha256).toBe(pdf.sha256);
  });

  test('tells inline images from files', async () => {
    const { attachments } = await parseMessage(readMailFixture('related.eml'));
    expect(attachments).toMatchObject([
      { filename: 'logo.png', inline: true, contentId: 'logo@example.com' },
      { filename: 'all.zip', inline: false, contentId: null },
    ]);
  });

  test('has an embedded message as one attachment, and does not mix its text in', async () => {
    const derived = await parseMessage(readMailFixture('rfc822-attachment.eml'));
    expect(derived.text).toBe('Forwarded, see below.');
    expect(derived.attachments).toMatchObject([
      { part: '2', filename: 'original.eml', contentType: 'message/rfc822' },
    ]);
    expect(derived.structure?.children[1]?.children[0]?.children[1]?.size).toBe(70);
  });

  test('with HTML only has a snippet of its words', async () => {
    const html =
      '<!doctype html><head><title>no</title><style>p{}</style></head><body><!-- no --><p>Fish&nbsp;&amp;\r\n chips</p><script>no</script>';
    const derived = await parse('Content-Type: text/html', '', html);
    expect(derived).toMatchObject({ text: null, snippet: 'Fish & chips' });
  });

  test('shows the addresses of every field, those of groups included', async () => {
    const derived = await parse(
      'From: =?utf-8?q?J=C3=B6rg?= <j@x.test>',
      'To: team: a@x.test, "B, b" <b@x.test>;',
      'To: c@xn--mnchen-3ya.de',
      'Cc: d@x.test',
      'Bcc: e@x.test',
      'Reply-To: f@x.test',
      '',
      '',
    );
    const plain = (list: Derived['to']) => list.map((entry) => `${entry.name}|${entry.address}`);
    expect(plain(derived.from)).toEqual(['Jörg|j@x.test']);
    expect(plain(derived.to)).toEqual(['|a@x.test', 'B, b|b@x.test', '|c@xn--mnchen-3ya.de']);
    expect([derived.cc, derived.bcc, derived.replyTo].map(plain)).toEqual([
      ['|d@x.test'],
      ['|e@x.test'],
      ['|f@x.test'],
    ]);
  });

  test('without a body, without a header, or empty is parsed all the same', async () => {
    expect(await parse('Subject: only')).toMatchObject({ ok: true, subject: 'only', text: '', html: null });
    expect(await parseMessage(readMailFixture('no-header.eml'))).toMatchObject({
      ok: true,
      headers: [],
      text: 'Just a line of text\nand another, without: any header\n',
    });
    expect(await parse('')).toMatchObject({
      ok: true,
      from: [],
      subject: '',
      text: '',
      snippet: '',
      attachments: [],
    });
  });

  test('that is too long is kept up to a limit, and that is said', async () => {
    const derived = await parse('Content-Type: text/html', '', 'x'.repeat(6 * 1024 * 1024));
    expect(derived.html).toHaveLength(5 * 1024 * 1024);
    expect(derived.problem).toBe('The HTML is longer than 5 MiB and is kept only up to there.');
  });

  test('lists no more than 10,000 addresses of a field, and says so', async () => {
    const derived = await parse(`To: ${'a@b.test,'.repeat(10_001)}`, 'Subject: many', '', 'text');
    expect(derived.to).toHaveLength(10_000);
    expect(derived.problem).toBe('Only the first 10,000 addresses of a field are listed.');
  });

  test('does not let field names reach the prototypes', async () => {
    for (const name of ['fields named like prototypes', 'parameters named like prototypes']) {
      await parseMessage(hostileMail[name]!.make(100));
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('agreement', () => {
  // mailparser takes a message without a header for one with nothing else, and has no windows-1252 to fall back on.
  const agreeing = mailFixtureNames.filter((name) => !/^(no-header|eight-bit-headers)/.test(name));

  test.each(agreeing)('mailparser reads the same in %s', async (name) => {
    const raw = readMailFixture(name);
    const derived = await parseMessage(raw);
    const theirs = await simpleParser(raw, { skipImageLinks: true, skipTextLinks: true });
    const flatten = (field: typeof theirs.to) =>
      [field ?? []]
        .flat()
        .flatMap((entry) => entry.value.map((one) => ({ name: one.name, address: one.address })));
    expect(derived.subject).toBe(theirs.subject);
    expect(derived.date).toBe(theirs.date?.toISOString());
    expect(derived.messageId).toBe(theirs.messageId);
    expect(derived.text).toBe(theirs.text);
    expect(derived.html).toBe(theirs.html || null);
    expect([derived.from, derived.to, derived.cc]).toEqual([theirs.from, theirs.to, theirs.cc].map(flatten));
    expect(derived.attachments.map((file) => [file.part, file.filename, file.size, file.sha256])).toEqual(
      theirs.attachments.map((file) => [file.partId, file.filename ?? '', file.size, sha256(file.content)]),
    );
  });

  test.each(mailFixtureNames)('the list row says the same before and after parsing of %s', async (name) => {
    const raw = readMailFixture(name);
    const { from, to, cc, subject, date } = await parseMessage(raw);
    expect(scanHeader(raw)).toEqual({ from, to: [...to, ...cc], subject, date });
  });

  test.each(mailFixtureNames)('the API can carry what was derived from %s', async (name) => {
    const derived = await parseMessage(readMailFixture(name));
    part.parse(derived.structure);
    z.array(attachment).parse(derived.attachments);
    z.array(headerField).parse(derived.headers);
    z.array(address).parse([...derived.from, ...derived.to, ...derived.cc]);
    z.iso.datetime().nullable().parse(derived.date);
  });
});

describe('hostile mail', () => {
  const all: typeof hostileMail = {
    ...hostileMail,
    'large messages in messages': { size: 20_000_000, make: heavyNest },
  };

  test.each(Object.keys(all))('is parsed within seconds: %s', async (name) => {
    const { size, make } = all[name]!;
    const raw = make(size);
    const started = cpuNow();
    const derived = await parseMessage(raw);
    expect(cpuNow() - started).toBeLessThan(4000);
    expect(derived.ok).toBe(true);
    const text = [
      derived.subject,
      derived.text,
      derived.html,
      derived.snippet,
      ...derived.headers.map((h) => h.value),
    ];
    expect(text.some((one) => one !== null && /\0|\p{Surrogate}/u.test(one))).toBe(false);
  });
});
