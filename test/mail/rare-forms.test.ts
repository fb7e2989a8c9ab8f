// What the RFCs allow and few programs send is read as the RFCs say.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Part } from '../../shared/message.ts';
import { findHeaders } from '../../server/mail/find-headers.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { scanEnvelope } from '../../server/mail/scan-envelope.ts';
import { scanHeader } from '../../server/mail/scan-header.ts';
import { heavyNest } from '../support/hostile-mail.ts';

const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');

describe('a header', () => {
  test.each(['From : a@x.test', 'From  \t: a@x.test'])('may begin with the field %j', async (field) => {
    const raw = bytes(field, 'To: b@x.test', 'Subject: c', '', 'text');
    const read = { from: [{ name: '', address: 'a@x.test' }], subject: 'c' };
    expect(await parseMessage(raw)).toMatchObject({ ...read, text: 'text', problem: null });
    expect(scanHeader(raw)).toMatchObject(read);
    expect(scanEnvelope(raw)).toEqual({ from: 'a@x.test', to: ['b@x.test'] });
    expect(findHeaders(raw, new Set(['from'])).get('from')).toEqual(['a@x.test']);
  });

  test('begins behind the line of an mbox file', async () => {
    const raw = bytes('From ann@x.test Mon Jan  2 15:04:05 2006', 'From: a@x.test', '', 'text');
    const read = { from: [{ name: '', address: 'a@x.test' }] };
    expect(await parseMessage(raw)).toMatchObject(read);
    expect(scanHeader(raw)).toMatchObject(read);
    expect(scanEnvelope(raw).from).toBe('a@x.test');
    expect(findHeaders(raw, new Set(['from'])).get('from')).toEqual(['a@x.test']);
  });
});

describe('forwarded mail', () => {
  const pdf = Buffer.alloc(20_000, 'p');
  const inner = [
    'Content-Type: multipart/mixed; boundary=z',
    '',
    '--z',
    '',
    'hi',
    '--z',
    'Content-Type: application/pdf; name=a.pdf',
    'Content-Transfer-Encoding: base64',
    '',
    pdf.toString('base64'),
    '--z--',
  ];
  const forward = (depth: number): string[] =>
    Array.from({ length: depth }).reduce<string[]>(
      (lines, _, level) => [
        `Content-Type: multipart/mixed; boundary=b${level}`,
        '',
        `--b${level}`,
        '',
        'see below',
        `--b${level}`,
        'Content-Type: message/rfc822',
        '',
        ...lines,
        `--b${level}`,
        'Content-Type: text/csv',
        '',
        'a;b',
        `--b${level}--`,
      ],
      inner,
    );
  const leaves = (part: Part): Part[] => [
    ...(part.contentType.startsWith('multipart/') ? [] : [part]),
    ...part.children.flatMap(leaves),
  ];

  test.each([1, 2, 3, 6])('%i times has size and hash of every part', async (depth) => {
    const { structure } = await parseMessage(bytes(...forward(depth)));
    const found = leaves(structure!);
    expect(found).toHaveLength(3 * depth + 2);
    expect(found.filter(({ size, sha256 }) => size === null || sha256 === null)).toEqual([]);
    const file = found.find(({ filename }) => filename === 'a.pdf');
    expect(file).toMatchObject({ size: pdf.length, sha256: createHash('sha256').update(pdf).digest('hex') });
  });

  test('that is nested without sense lacks them only where they would cost too much', async () => {
    const { structure } = await parseMessage(heavyNest(200_000));
    const nested = leaves(structure!);
    expect(nested.length).toBeGreaterThan(80);
    const measured = nested.filter(({ size }) => size !== null).length;
    expect(measured).toBeGreaterThan(5);
    expect(measured).toBeLessThan(20);
    expect(nested.at(-1)).toMatchObject({ contentType: 'text/plain', size: 200_000 });
  });
});
