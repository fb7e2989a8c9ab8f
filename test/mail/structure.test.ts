import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headerField, part as partSchema, type Part } from '../../shared/message.ts';
import { decodePart } from '../../server/mail/decode-part.ts';
import { maxDepth, maxFields, maxParts, scanStructure } from '../../server/mail/structure.ts';
import { hostileMail } from '../support/hostile-mail.ts';
import { mailFixtureNames, readMailFixture } from '../support/mail-fixture.ts';

const scan = (...lines: string[]) => scanStructure(Buffer.from(lines.join('\r\n')));
const outline = (part: Part): string[] => [
  `${part.path} ${part.contentType}`,
  ...part.children.flatMap((child) => outline(child)),
];

/** Every part lies in its parent, and behind the sibling before it. A header that a delimiter ends has no body. */
function expectSoundOffsets(raw: Buffer, root: Part): void {
  const visit = (part: Part, start: number, end: number): void => {
    expect(part.headerOffset).toBeGreaterThanOrEqual(start);
    expect(part.bodyOffset).toBeGreaterThanOrEqual(part.headerOffset);
    expect(part.bodyLength).toBeGreaterThanOrEqual(0);
    expect(part.bodyOffset + part.bodyLength).toBeLessThanOrEqual(end);
    let from = part.bodyOffset;
    for (const child of part.children) {
      visit(child, from, Math.max(part.bodyOffset + part.bodyLength, child.bodyOffset));
      from = child.bodyOffset + child.bodyLength;
    }
  };
  visit(root, 0, raw.length);
}

describe('the parts of a message', () => {
  test('are numbered as IMAP numbers them', () => {
    expect(outline(scanStructure(readMailFixture('related.eml')).root)).toEqual([
      '0 multipart/mixed',
      '1 multipart/related',
      '1.1 multipart/alternative',
      '1.1.1 text/plain',
      '1.1.2 text/html',
      '1.2 image/png',
      '2 application/zip',
    ]);
    expect(outline(scanStructure(readMailFixture('plain.eml')).root)).toEqual(['1 text/plain']);
  });

  test('include those of an embedded message', () => {
    expect(outline(scanStructure(readMailFixture('rfc822-attachment.eml')).root)).toEqual([
      '0 multipart/mixed',
      '1 text/plain',
      '2 message/rfc822',
      '2.0 multipart/mixed',
      '2.1 text/plain',
      '2.2 image/png',
    ]);
  });

  test('of a digest are messages unless they say otherwise', () => {
    const { root } = scan(
      'Content-Type: multipart/digest; boundary=d',
      '',
      '--d',
      '',
      'Subject: a',
      '',
      'x',
      '--d--',
    );
    expect(outline(root)).toEqual(['0 multipart/digest', '1 message/rfc822', '1.1 text/plain']);
  });

  test('keep their exact bytes, without the line ending before the delimiter', () => {
    const raw = readMailFixture('bare-lf.eml');
    const [text, html] = scanStructure(raw).root.children;
    expect(decodePart(raw, text!).toString()).toBe('unix lines');
    expect(decodePart(raw, html!).toString()).toBe('<p>unix lines</p>');
  });

  test('are found although the closing boundary is missing, and that is said', () => {
    const { root, problems } = scanStructure(readMailFixture('broken-boundary.eml'));
    expect(root.children.map((child) => child.filename)).toEqual([null, 'cut.bin']);
    expect(problems).toEqual(['The closing boundary of a multipart is missing.']);
  });

  test('are not confused by boundaries that begin alike, trail white space or lie in a header', () => {
    const { root } = scan(
      'Content-Type: multipart/mixed; boundary="b"',
      '',
      '--b  ',
      'X: y',
      '--b',
      'Content-Type: multipart/mixed; boundary="b-"',
      '',
      '--bc',
      '--b-',
      '',
      'inner',
      '--b---',
      '--b--',
      '--b',
    );
    expect(outline(root)).toEqual([
      '0 multipart/mixed',
      '1 text/plain',
      '2 multipart/mixed',
      '2.1 text/plain',
    ]);
    expect(root.children[0]?.bodyLength).toBe(0);
  });

  test('have their names decoded, however they were encoded', () => {
    const { root } = scanStructure(readMailFixture('rfc2231-names.eml'));
    expect(root.children.slice(1).map((child) => child.filename)).toEqual([
      '€ rates and more 2024.xlsx',
      'résumé.doc',
      'Grüße.txt',
    ]);
    const holes = scan(
      "Content-Disposition: attachment; filename*0*=utf-8''a; filename*2=c; filename=plain",
      '',
      '',
    );
    expect(holes.root).toMatchObject({ filename: 'a', disposition: 'attachment' });
  });

  test('that claim nonsense are read as RFC 2045 says', () => {
    expect(scan('Content-Type: text', 'Content-Disposition: sideways', '', '').root).toMatchObject({
      contentType: 'text/plain',
      disposition: 'attachment',
    });
    expect(scan('Content-Type: multipart/mixed', '', 'x').problems).toHaveLength(1);
    expect(scan('Content-Type: Text/HTML (c;d); Charset="UTF-8" (e)', '', '').root).toMatchObject({
      contentType: 'text/html',
      charset: 'utf-8',
    });
  });
});

describe('the header of a message', () => {
  test('is kept in order, as sent and as meant, with the place of each field', () => {
    const raw = readMailFixture('eight-bit-headers.eml');
    const { headers } = scanStructure(raw);
    expect(headers.map((field) => field.name)).toEqual(['From', 'To', 'Subject', 'Date', 'Message-ID']);
    for (const field of headers) {
      const sent = raw.subarray(field.offset, field.offset + field.length).toString('latin1');
      expect(sent.startsWith(`${field.name}:`)).toBe(true);
      expect(sent).not.toMatch(/[\r\n]$/);
    }
  });

  test('keeps the folding in the raw form only', () => {
    const [field] = scan('Subject: =?utf-8?q?a?=', ' =?utf-8?q?b?=', '', '').headers;
    expect(field).toEqual({
      name: 'Subject',
      value: 'ab',
      raw: 'Subject: =?utf-8?q?a?=\r\n =?utf-8?q?b?=',
      offset: 0,
      length: 38,
    });
  });

  test('shows lines that are no field, without a name', () => {
    const { headers, problems } = scan('Subject: x', 'what is this', 'To: a@b.c', '', '');
    expect(headers.map((field) => field.name)).toEqual(['Subject', '', 'To']);
    expect(problems).toEqual(['1 line of the header cannot be read as a field.']);
  });

  test('may be missing, or all there is, or come after an mbox line', () => {
    expect(scanStructure(readMailFixture('no-header.eml'))).toMatchObject({
      headers: [],
      root: { bodyOffset: 0, bodyLength: 55 },
    });
    expect(scan('Subject: only')).toMatchObject({ headers: [{ value: 'only' }], root: { bodyLength: 0 } });
    expect(scanStructure(Buffer.alloc(0)).root).toMatchObject({ path: '1', bodyLength: 0 });
    expect(scanStructure(readMailFixture('mbox-line.eml')).headers[0]?.name).toBe('From');
  });
});

describe('limits', () => {
  test('hold, and what was left out is counted', () => {
    const parts = scanStructure(hostileMail['parts side by side']!.make(5000));
    expect(outline(parts.root)).toHaveLength(maxParts);
    expect(parts.problems).toEqual(['4,001 parts after the first 1,000 are not listed.']);

    const fields = scanStructure(hostileMail['header fields']!.make(3000));
    expect(fields.headers).toHaveLength(maxFields);
    expect(fields.problems).toEqual(['2,000 header fields after the first 1,000 are not listed.']);

    const nest = scanStructure(hostileMail['multiparts in multiparts']!.make(10_000));
    expect(outline(nest.root)).toHaveLength(maxDepth);
    expect(nest.problems).toContain('Parts nested deeper than 100 levels are not taken apart.');
  });
});

describe('whatever the bytes', () => {
  test.each([...mailFixtureNames])('%s has sound offsets and the shape of the API', (name) => {
    const raw = readMailFixture(name);
    const { root, headers } = scanStructure(raw);
    expectSoundOffsets(raw, root);
    partSchema.parse(root);
    for (const field of headers) headerField.parse(field);
  });

  test('parts lie within the message and do not overlap', () => {
    const piece = fc.constantFrom(
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: multipart/mixed; boundary="c"',
      'Content-Type: message/rfc822',
      'Content-Type: text/plain; name*0*=a',
      'From x',
      '--b',
      '--b--',
      '--c',
      '--c--',
      '',
      '\n',
      '\r',
      ' folded',
      'text',
      '\0\xff',
    );
    const ending = fc.constantFrom('\r\n', '\n', '');
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, ending), { maxLength: 40 }), (pieces) => {
        const raw = Buffer.from(pieces.map((pair) => pair.join('')).join(''), 'latin1');
        const { root, headers } = scanStructure(raw);
        expectSoundOffsets(raw, root);
        for (const field of headers) expect(field.offset + field.length).toBeLessThanOrEqual(raw.length);
      }),
      { numRuns: 2000 },
    );
  });
});
