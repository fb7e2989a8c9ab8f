// Messages whose attachments, or whose use of charsets, are made to hurt whoever opens them. What each is, is in its name.
import { deflateRawSync, gzipSync, crc32 } from 'node:zlib';

const wrap = (base64: string): string => base64.replace(/.{76}/g, '$&\r\n');

function attach(type: string, name: string, bytes: Buffer | string): Buffer {
  const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return Buffer.from(
    [
      ...[
        'Subject: hostile attachment',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=b',
        '',
      ],
      ...[
        '--b',
        'Content-Type: text/plain',
        '',
        'see attached',
        '--b',
        `Content-Type: ${type}; name="${name}"`,
      ],
      ...[`Content-Disposition: attachment; filename="${name}"`, 'Content-Transfer-Encoding: base64', ''],
      ...[wrap(content.toString('base64')), '--b--', ''],
    ].join('\r\n'),
    'latin1',
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32?.(body) ?? 0, body.length + 4);
  return out;
}

function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = 2;
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    ...[
      signature,
      chunk('IHDR', header),
      chunk('IDAT', gzipSync(Buffer.alloc(1000))),
      chunk('IEND', Buffer.alloc(0)),
    ],
  ]);
}

/** A zip with one file that says it holds `size` bytes. */
function zip(name: string, size: number): Buffer {
  const packed = deflateRawSync(Buffer.alloc(size));
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(name.length, 26);
  return Buffer.concat([local, Buffer.from(name), packed]);
}

const text = (charset: string, bytes: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`Subject: =?${charset}?b?${bytes.subarray(0, 45).toString('base64')}?=\r\n`),
    Buffer.from(
      `Content-Type: text/plain; charset="${charset}"\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
    ),
    Buffer.from(`${wrap(bytes.toString('base64'))}\r\n`),
  ]);

const laughs = Array.from({ length: 12 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
const html = (body: string): Buffer =>
  Buffer.from(`Subject: html\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${body}\r\n`);

export const hostileAttachments: Record<string, () => Buffer> = {
  'a zip of 100 MB of zeros': () => attach('application/zip', 'bomb.zip', zip('zeros', 100_000_000)),
  'a gzip of 100 MB of zeros': () =>
    attach('application/gzip', 'bomb.gz', gzipSync(Buffer.alloc(100_000_000))),
  'a gzip in a gzip': () =>
    attach('application/gzip', 'bomb.gz.gz', gzipSync(gzipSync(Buffer.alloc(30_000_000)))),
  'a zip that climbs out': () => attach('application/zip', 'slip.zip', zip('../../../../tmp/slip', 1000)),
  'a picture of 60,000 by 60,000': () => attach('image/png', 'large.png', png(60_000, 60_000)),
  'a picture of no size': () => attach('image/png', 'none.png', png(0, 0)),
  'a picture of 4 billion squared': () => attach('image/png', 'huge.png', png(0xffffffff, 0xffffffff)),
  'a billion laughs in SVG': () =>
    attach(
      'image/svg+xml',
      'laughs.svg',
      `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "ha">${laughs}]><svg xmlns="http://www.w3.org/2000/svg"><text>&l12;</text></svg>`,
    ),
  'an outside entity in XML': () =>
    attach('text/xml', 'outside.xml', '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'),
  '100,000 events in a calendar': () =>
    attach(
      'text/calendar',
      'many.ics',
      `BEGIN:VCALENDAR\r\n${'BEGIN:VEVENT\r\nEND:VEVENT\r\n'.repeat(100_000)}END:VCALENDAR\r\n`,
    ),
  'a rule for ever in a calendar': () =>
    attach(
      'text/calendar',
      'ever.ics',
      'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
    ),
  'a name of 100,000 letters': () => attach('text/plain', 'n'.repeat(100_000), 'x'),
  'a name that climbs out': () => attach('text/plain', '../../../../etc/cron.d/x', 'x'),
  'a TNEF that is cut off': () =>
    attach('application/ms-tnef', 'winmail.dat', Buffer.from('789f3e2200000100', 'hex')),
  'base64 of other letters': () =>
    Buffer.from(`Content-Transfer-Encoding: base64\r\n\r\n${'=*&%$#!'.repeat(300_000)}\r\n`),
  'uuencode that never ends': () =>
    Buffer.from(`Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n${'M'.repeat(500_000)}\r\n`),
  'UTF-7': () => text('utf-7', Buffer.from('+ADw-script+AD4-'.repeat(10_000))),
  'UTF-16 with half characters': () => text('utf-16le', Buffer.from('\ud800'.repeat(100_000), 'utf16le')),
  'UTF-8 that is overlong': () => text('utf-8', Buffer.from('c0afe080aff08080af'.repeat(20_000), 'hex')),
  'ISO-2022-JP that only escapes': () =>
    text('iso-2022-jp', Buffer.from('1b24421b2842'.repeat(50_000), 'hex')),
  'a charset of 100,000 letters': () => text('x'.repeat(100_000), Buffer.from('x')),
  'a charset named like a path': () => text('../../../etc/passwd', Buffer.from('x')),
  '100,000 links': () => html('<a href="https://x.test/?a=1&amp;b=2">reset</a> '.repeat(100_000)),
  '100,000 styles': () => html(`<style>${'@import url(x);a{b:c}'.repeat(100_000)}</style>`),
  'a style that is nested 50,000 deep': () => html(`<style>${'@media all{'.repeat(50_000)}</style>`),
  'one attribute of 5 MB': () => html(`<p title="${'a&lt;'.repeat(1_000_000)}">x</p>`),
  '50,000 attributes': () =>
    html(`<p ${Array.from({ length: 50_000 }, (_, n) => `a${n}=x`).join(' ')}>x</p>`),
  'a table in a table, 20,000 deep': () => html('<table><tr><td>'.repeat(20_000)),
  'digits that could be codes': () => html(`<p>Your code is ${'123456 '.repeat(200_000)}</p>`),
  'addresses that could be links': () =>
    Buffer.from(`Subject: links\r\n\r\n${'http://x.y/"onmouseover="alert(9) '.repeat(100_000)}\r\n`),
  'a Content-ID that is an expression': () =>
    Buffer.from(
      [
        ...['Content-Type: multipart/related; boundary=b', '', '--b', 'Content-Type: text/html', ''],
        ...['<img src="cid:(a+)+$"><img src="cid:$&amp;">', '--b', 'Content-Type: image/png'],
        ...['Content-ID: <(a+)+$>', '', 'x', '--b', 'Content-ID: <$&>', '', 'y', '--b--', ''],
      ].join('\r\n'),
    ),
};
