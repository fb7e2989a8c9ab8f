// A message to try things with.
import { randomUUID } from 'node:crypto';

// A 16 by 16 square in one colour.
const image =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAF0lEQVR4nGMwqfhPEmIY1TCqYfhqAACBqGgQ9Zb7RAAAAABJRU5ErkJggg==';

const text = `Hello,

this message was sent by "mailscope send --sample".

.This line begins with a dot, which SMTP doubles on the wire.
Grüße!
`;

const html = `<!doctype html>
<html lang="en"><body style="font-family: sans-serif">
<h1>Hello</h1>
<p>This message was sent by <code>mailscope send --sample --html</code>.</p>
<p><img src="cid:square@mailscope.test" alt="A square" width="16" height="16"> An inline image.</p>
</body></html>
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

/** `n` counts the messages of one run from 1. Lines end in LF; the client makes them CRLF. */
export function createSample({
  from,
  to,
  html: withHtml,
  n,
}: {
  from: string;
  to: string[];
  html: boolean;
  n: number;
}): Buffer {
  const plain = part(['Content-Type: text/plain; charset=utf-8', eightBit], text);
  const body = withHtml
    ? multipart('alternative', [
        plain,
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
      ])
    : plain;
  const headers = [
    `From: Mailscope <${field(from)}>`,
    `To: ${field(to.map((address) => `<${address}>`).join(', '))}`,
    `Subject: A sample message${n > 1 ? ` (${n})` : ''}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@mailscope.test>`,
    'MIME-Version: 1.0',
  ];
  return Buffer.from(`${headers.join('\n')}\n${body}`);
}
