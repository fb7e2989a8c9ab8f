// Messages whose every byte is known, to be sent by real clients.
import { createHash } from 'node:crypto';

const crlf = (...lines: string[]): string => lines.map((line) => `${line}\r\n`).join('');

/** Bytes that look random and are the same in each run. */
export function knownBytes(length: number, seed: string): Buffer {
  const blocks: Buffer[] = [];
  for (let n = 0; n * 32 < length; n++) blocks.push(createHash('sha256').update(`${seed} ${n}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

const folded = (bytes: Buffer): string[] => bytes.toString('base64').match(/.{1,76}/g) ?? [];

export const sender = 'ann@example.test';
export const recipients = ['bob@example.test', 'carol@example.test', 'dave@example.test'];
export const attachment = { filename: 'attached.bin', bytes: knownBytes(5000, 'attachment') };
export const subject = 'Grüße aus Zürich';

/** From, To, Date and Message-ID are there, so that no client adds its own. */
const head = crlf(
  `From: Ann <${sender}>`,
  `To: ${recipients.join(', ')}`,
  `Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_aus_Z=C3=BCrich?=`,
  'Date: Mon, 06 Jul 2026 10:00:00 +0000',
  'Message-ID: <known@example.test>',
  'MIME-Version: 1.0',
);

/** UTF-8 subject and text, an attachment, and dots where SMTP doubles them (RFC 5321 4.5.2). */
export const letter = Buffer.from(
  head +
    crlf(
      'Content-Type: multipart/mixed; boundary="known"',
      '',
      '--known',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Schöne Grüße',
      '.',
      '..',
      '.hidden',
      '...and a last one',
      '',
      '--known',
      `Content-Type: application/octet-stream; name="${attachment.filename}"`,
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: attachment; filename="${attachment.filename}"`,
      '',
      ...folded(attachment.bytes),
      '--known--',
    ),
);

/** Over 1 MB, with lines that begin with a dot all through it. */
export const bigLetter = Buffer.from(
  head +
    crlf(
      'Content-Type: text/plain; charset=us-ascii',
      '',
      ...folded(knownBytes(800_000, 'big')).map((line, n) => (n % 50 === 0 ? `.${line}` : line)),
    ),
);
