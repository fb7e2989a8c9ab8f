// A message to try things with: small, and with what a reader of mail has to cope with.
import { randomUUID } from 'node:crypto';

export type SampleKind = 'html' | 'text' | 'attachment';

// A 16 by 16 square in one colour, on lines as long as base64 may have.
const image = `iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAF0lEQVR4nGMwqfhPEmIY1TCq
YfhqAACBqGgQ9Zb7RAAAAABJRU5ErkJggg==`;

const text = `Hello,

this is a sample message of Mailscope.

Confirm your address: https://example.com/confirm?token=sample
Your verification code is 482913.

.This line begins with a dot, which SMTP doubles on the wire.
Grüße!
`;

const html = `<!doctype html>
<html lang="en"><body style="font-family: sans-serif">
<h1>Hello</h1>
<p>This is a sample message of Mailscope.</p>
<p><a href="https://example.com/confirm?token=sample">Confirm your address</a></p>
<p>Your verification code is <b>482913</b>.</p>
<p><img src="cid:square@mailscope.test" alt="A square" width="16" height="16"> An inline image.</p>
</body></html>
`;

const table = `city,temperature
Zürich,21
München,19
`;

const field = (value: string): string => value.replace(/[\r\n]+/g, ' ');

function part(headers: string[], body: string): string {
  return [...headers, '', body].join('\n');
}
const eightBit = 'Content-Transfer-Encoding: 8bit';

function multipart(type: string, parts: string[]): string {
  const boundary = `=_${randomUUID()}`;
  const inner = parts.map((one) => `--${boundary}\n${one}\n`).join('');
  return part([`Content-Type: multipart/${type}; boundary="${boundary}"`], `${inner}--${boundary}--\n`);
}

const plainPart = (): string => part(['Content-Type: text/plain; charset=utf-8', eightBit], text);

const htmlParts = (): string =>
  multipart('alternative', [
    plainPart(),
    multipart('related', [
      part(['Content-Type: text/html; charset=utf-8', eightBit], html),
      part(
        [
          'Content-Type: image/png; name="square.png"',
          'Content-Transfer-Encoding: base64',
          'Content-ID: <square@mailscope.test>',
          'Content-Disposition: inline; filename="square.png"',
        ],
        image,
      ),
    ]),
  ]);

const withAttachment = (): string =>
  multipart('mixed', [
    htmlParts(),
    part(
      [
        'Content-Type: text/csv; charset=utf-8; name="weather.csv"',
        eightBit,
        'Content-Disposition: attachment; filename="weather.csv"',
      ],
      table,
    ),
  ]);

const bodies: Record<SampleKind, () => string> = {
  text: plainPart,
  html: htmlParts,
  attachment: withAttachment,
};

/** `n` counts the messages of one run from 1. Lines end in LF; the client makes them CRLF. */
export function createSample({
  from,
  to,
  kind,
  n = 1,
}: {
  from: string;
  to: string[];
  kind: SampleKind;
  n?: number;
}): Buffer {
  const headers = [
    `From: Mailscope <${field(from)}>`,
    `To: ${field(to.map((address) => `<${address}>`).join(', '))}`,
    `Subject: A sample message${n > 1 ? ` (${n})` : ''}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@mailscope.test>`,
    'List-Unsubscribe: <https://example.com/unsubscribe?token=sample>',
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    'MIME-Version: 1.0',
  ];
  return Buffer.from(`${headers.join('\n')}\n${bodies[kind]()}`);
}
