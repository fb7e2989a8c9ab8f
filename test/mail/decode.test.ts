import * as fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../server/mail/charset.ts';
import { decodePart, decodePieces } from '../../server/mail/decode-part.ts';
import { decodeQuotedPrintable } from '../../server/mail/quoted-printable.ts';
import { scanStructure } from '../../server/mail/structure.ts';

const quotedPrintable = (text: string): string => decodeQuotedPrintable(Buffer.from(text)).toString('latin1');

function decodeBody(encoding: string, body: string): Buffer {
  const raw = Buffer.from(`Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`);
  return decodePart(raw, scanStructure(raw).root);
}

describe('transfer encodings', () => {
  test('quoted-printable loses soft breaks and white space that transport added', () => {
    expect(quotedPrintable('a=3Db=\r\nc= \t\r\nd=\ne')).toBe('a=bcde');
    expect(quotedPrintable('end  \r\nkept=20\r\n\tx \n')).toBe('end\r\nkept \r\n\tx\n');
  });

  test('quoted-printable that is none stays as it is written', () => {
    expect(quotedPrintable('1=2=ZZ=3')).toBe('1=2=ZZ=3');
    expect(quotedPrintable('a=')).toBe('a');
  });

  test('base64 may be broken into lines, padded in the middle, or hold what does not belong there', () => {
    expect(decodeBody('BASE64 (really)', 'aGVs\r\nbG8=\r\n').toString()).toBe('hello');
    expect(decodeBody('base64', 'aGVsbG8=\r\nIHlvdQ==\r\n').toString()).toBe('hello you');
    expect(decodeBody('base64', 'aGV*sb\0G8').toString()).toBe('hello');
  });

  test('a large body is decoded piece by piece, and gives what it gives as a whole', () => {
    const bytes = Buffer.from(Array.from({ length: 2_500_003 }, (_, i) => (i * i + (i >> 7)) % 251));
    const base64 = bytes.toString('base64');
    const lines = (length: number, end: string): string =>
      base64.replace(new RegExp(`.{${length}}`, 'g'), `$&${end}`);
    const bodies = [
      base64,
      lines(76, '\r\n'),
      lines(73, '\n'),
      lines(999, ' *\0'),
      `${lines(61, '\n')}\r\n-- \r\n`,
    ];
    for (const body of bodies) {
      const raw = Buffer.from(`Content-Transfer-Encoding: base64\r\n\r\n${body}`);
      const pieces = Array.from(decodePieces(raw, scanStructure(raw).root), (piece) => Buffer.from(piece));
      expect(pieces.length).toBeGreaterThan(2);
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    }
    expect(decodeBody('base64', 'YWI=\r\n'.repeat(500_000)).equals(Buffer.from('ab'.repeat(500_000)))).toBe(
      true,
    );

    const quoted = Buffer.from('caf=C3=A9 and so on, =\r\n to the end  \r\n==\r\n'.repeat(60_000));
    const raw = Buffer.concat([Buffer.from('Content-Transfer-Encoding: quoted-printable\r\n\r\n'), quoted]);
    const pieces = Array.from(decodePieces(raw, scanStructure(raw).root), (piece) => Buffer.from(piece));
    expect(pieces.length).toBeGreaterThan(2);
    expect(Buffer.concat(pieces).equals(decodeQuotedPrintable(quoted))).toBe(true);
  });

  test('an unknown encoding gives the bytes as they are', () => {
    expect(decodeBody('x-rot13', 'nop=3D').toString()).toBe('nop=3D');
    expect(decodeBody('8bit', 'nop=3D').toString()).toBe('nop=3D');
  });
});

describe('charsets', () => {
  test('are known by the names that mail uses', () => {
    expect(decodeText(Buffer.from([0x93, 0x80, 0xe9]), 'Windows-1252')).toBe('“€é');
    expect(decodeText(Buffer.from([0x93, 0x80, 0xe9]), 'iso-8859-1')).toBe('“€é');
    expect(decodeText(Buffer.from([0x88, 0xea]), 'cp932')).toBe('一');
    expect(decodeText(Buffer.from('Größe', 'utf16le'), 'utf-16')).toBe('Größe');
    expect(decodeText(Buffer.from([0xfe, 0xff, 0x20, 0xac]), 'UTF-16')).toBe('€');
  });

  test('that are unknown, missing or wrong are read as UTF-8, else as windows-1252', () => {
    for (const charset of [null, '', 'x-unknown', 'utf-7', 'us-ascii', '__proto__']) {
      expect(decodeText(Buffer.from('Größe'), charset)).toBe('Größe');
      expect(decodeText(Buffer.from([0x47, 0xf6, 0x80]), charset)).toBe('Gö€');
    }
  });

  test('never give NUL or half characters', () => {
    expect(decodeText(Buffer.from('a\0b'), 'utf-8')).toBe('a\ufffdb');
    expect(decodeText(Buffer.from([0xd8, 0x00, 0x00, 0x41]), 'utf-16be')).toBe('\ufffdA');
  });
});

describe('what nodemailer encodes', () => {
  const build = (mail: ConstructorParameters<typeof MailComposer>[0]): Promise<Buffer> =>
    new MailComposer(mail).compile().build();

  test('comes out as it went in: attachments', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3000 }),
        fc.constantFrom('base64', 'quoted-printable'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        async (content, encoding, name) => {
          const raw = await build({
            text: 'x',
            attachments: [
              {
                content: Buffer.from(content),
                contentTransferEncoding: encoding as 'base64',
                filename: name,
                contentType: 'application/octet-stream',
              },
            ],
          });
          const part = scanStructure(raw).root.children[1]!;
          const decoded = decodePart(raw, part);
          // In quoted-printable, line endings are those of text: bare ones are sent as CRLF.
          const expected =
            encoding === 'base64' ? Buffer.from(content).toString('hex') : textHex(Buffer.from(content));
          expect(encoding === 'base64' ? decoded.toString('hex') : textHex(decoded)).toBe(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('comes out as it went in: text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 500 }), async (text) => {
        const raw = await build({ text, subject: 'x' });
        const { root } = scanStructure(raw);
        const decoded = decodeText(decodePart(raw, root), root.charset);
        const lines = (value: string): string =>
          value
            .replace(/\r\n|\r/g, '\n')
            .replaceAll('\0', '\ufffd')
            .trimEnd();
        expect(lines(decoded)).toBe(lines(text));
      }),
      { numRuns: 300 },
    );
  });
});

const textHex = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replace(/\r\n|\r|\n/g, '\n')
    .trimEnd();
