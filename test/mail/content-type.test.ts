import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { contentDisposition, downloadName, servedType } from '../../server/mail/content-type.ts';

const hostileNames = [
  '../../etc/passwd',
  '..\\..\\boot.ini',
  '/etc/passwd',
  'C:\\Windows\\x.exe',
  '.bashrc',
  '...',
  '',
  '   ',
  'a\r\nSet-Cookie: x=1',
  'a\0.png',
  'a";x="y.html',
  "a';x.html",
  'evil\u202egnp.exe',
  'zero\u200bwidth.txt',
  `${'x'.repeat(5000)}.pdf`,
  `${'😀'.repeat(400)}.pdf`,
  'NUL.txt',
  'con',
  '~root',
  '-rf',
  'a/b/../..',
  'half \ud800 pair.txt',
  'percent%2f%2e%2e.txt',
  'a|b<c>d?e*f:g.txt',
  'trailing. . .',
  '日本語.pdf',
  'Grüße.txt',
  // Their plain forms are what a header or a path gives a meaning.
  'a\uff0f..\uff0fb\uff3cc.txt',
  'a\uff02; filename=\uff02b\uff1a\uff05c\uff0a.txt',
];

describe('the name of a download', () => {
  test.each(hostileNames)('is safe to save: %j', (name) => {
    for (const safe of Object.values(downloadName(name))) {
      expect(safe).not.toMatch(/[/\\:\0-\x1f\x7f"*?<>|\u202a-\u202e]|^\.|\p{Surrogate}/u);
      expect([...safe].length).toBeLessThanOrEqual(150);
      expect(safe).not.toBe('');
    }
    expect(downloadName(name).ascii).toMatch(/^[ -~]+$/);
  });

  test.each(hostileNames)('makes exactly one header line: %j', async (name) => {
    const server = createServer((_, response) => {
      response.setHeader('Content-Disposition', contentDisposition('attachment', name));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const line = response.headers.get('content-disposition') ?? '';
      expect(line).toMatch(/^attachment; filename="[^"\\]+"; filename\*=UTF-8''[\w.~%!#$&+^`|-]+$/);
      expect(decodeURIComponent(line.split("UTF-8''")[1] ?? '')).toBe(downloadName(name).utf8);
      expect(response.headers.get('set-cookie')).toBeNull();
    } finally {
      server.close();
    }
  });

  test('stays what it was where that is harmless', () => {
    expect(downloadName('Rechnung 2024.pdf')).toEqual({
      ascii: 'Rechnung 2024.pdf',
      utf8: 'Rechnung 2024.pdf',
    });
    expect(downloadName('Grüße.txt')).toEqual({ ascii: 'Gru__e.txt', utf8: 'Grüße.txt' });
    expect(downloadName('../../etc/passwd').utf8).toBe('passwd');
    expect(downloadName(`${'x'.repeat(5000)}.pdf`).utf8).toMatch(/^x{146}\.pdf$/);
    expect(downloadName(null).utf8).toBe('attachment');
  });
});

describe('what a part is served as', () => {
  const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
  const images: [string, Buffer][] = [
    ['image/png', png],
    ['image/jpeg', Buffer.from('ffd8ffe0', 'hex')],
    ['image/gif', Buffer.from('GIF89a...')],
    ['image/webp', Buffer.from('RIFF\x00\x00\x00\x00WEBPVP8 ', 'latin1')],
  ];
  test.each(images)('%s is shown in place when its bytes say so', (contentType, bytes) => {
    expect(servedType(bytes, contentType)).toEqual({ contentType, inline: true });
    expect(servedType(bytes, 'application/octet-stream')).toEqual({ contentType, inline: true });
  });

  const download = { contentType: 'application/octet-stream', inline: false };
  const others: [string, Buffer][] = [
    ['text/html', Buffer.from('<script>alert(1)</script>')],
    ['image/png', Buffer.from('<script>alert(1)</script>')],
    ['image/svg+xml', Buffer.from('<svg onload="alert(1)"/>')],
    ['image/svg+xml', png],
    ['text/javascript', Buffer.from('GIF89a/*')],
    ['application/pdf', Buffer.from('%PDF-1.4')],
    ['image/png', Buffer.alloc(0)],
    ['image/png\r\nX: y', png],
  ];
  test.each(others)('anything else is a download: %s', (declared, bytes) => {
    expect(servedType(bytes, declared)).toEqual(download);
  });
});
