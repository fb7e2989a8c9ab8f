// What the RFCs allow and few programs send is read as the RFCs say.
import { describe, expect, test } from 'vitest';
import { findHeaders } from '../../server/mail/find-headers.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { scanEnvelope } from '../../server/mail/scan-envelope.ts';
import { scanHeader } from '../../server/mail/scan-header.ts';

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
