// Shapes as MailCatcher's source has them (lib/mail_catcher/web/application.rb and mail.rb).
import { expect, test } from 'vitest';
import { fixture, recipients, sendMail, startWithMail } from './support.ts';

test('messages have numbers and every field of MailCatcher, oldest first', async () => {
  await using sandbox = await startWithMail();
  const list = await sandbox.get<{ id: number; created_at: string }[]>('/messages');
  expect(list.map(({ id }) => id)).toEqual([1, 2]);
  expect(list[0]).toEqual({
    id: 1,
    sender: '<bounce@example.com>',
    recipients: recipients.map((address) => `<${address}>`),
    subject: 'Grüße order 4711',
    size: '1227',
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/) as unknown,
  });
  expect(await sandbox.get('/messages/1.json')).toEqual({
    ...list[0],
    type: 'multipart/mixed',
    formats: ['source', 'html', 'plain'],
    attachments: [
      {
        ...{ cid: 'logo@x', type: 'image/png', filename: 'logo.png', size: 70 },
        href: '/messages/1/parts/logo%40x',
      },
      {
        ...{ cid: 'part-2@mailscope', type: 'application/pdf', filename: 'report.pdf', size: 15 },
        href: '/messages/1/parts/part-2%40mailscope',
      },
    ],
  });
});

test('a message is served in its formats and parts', async () => {
  await using sandbox = await startWithMail();
  const raw = (await fixture('parts.eml')).toString();
  const get = async (path: string): Promise<[string | null, string]> => {
    const { type, text } = await sandbox.ask(`GET /messages/${path}`);
    return [type, text];
  };
  expect(await get('1.plain')).toEqual(['text/plain; charset=utf-8', 'Hello Böb, your code is 123456.']);
  expect(await get('1.html')).toEqual([
    'text/html; charset=utf-8',
    '<p>Hello <b>Bob</b> <a href="https://example.com/x">link</a></p><img src="1/parts/logo@x">',
  ]);
  expect(await get('1.source')).toEqual(['text/plain; charset=utf-8', raw]);
  expect(await get('1.eml')).toEqual(['message/rfc822', raw]);
  expect((await get('1/parts/logo@x'))[0]).toBe('image/png');
  const pdf = await sandbox.ask('GET /messages/1/parts/part-2%40mailscope');
  expect([pdf.type, pdf.text]).toEqual(['application/pdf', '%PDF-1.4\nhello\n']);
  expect(pdf.headers.get('content-disposition')).toMatch(/^attachment; filename="report.pdf"/);
});

test('there is no subject where there is none, and ASCII has LF where other texts have CRLF', async () => {
  await using sandbox = await startWithMail();
  // As the library mail 2.8.1 reads them.
  const read: [fields: string, body: string, text: string][] = [
    ['Content-Type: text/plain; format=flowed\r\n', 'a \r\nb\r\n', 'a \nb\n'],
    ['Subject: \r\nContent-Transfer-Encoding: quoted-printable\r\n', '=61\r\nb\r\n', 'a\nb\n'],
    ['Content-Transfer-Encoding: 8bit\r\n', 'a\r\nb\r\n', 'a\r\nb\r\n'],
    ['Content-Transfer-Encoding: base64\r\n', 'YQ0KYgo=\r\n', 'a\r\nb\n'],
    [
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n',
      ...(['=C3=BC\r\nb\r\n', 'ü\r\nb\r\n'] as const),
    ],
    ['Content-Type: text/plain; charset=iso-2022-jp\r\n', '\x1b$BF|\x1b(B\r\n', '日\n'],
  ];
  for (const [n, [fields, body, text]] of read.entries()) {
    await sendMail(sandbox, `${fields}\r\n${body}`);
    expect(await sandbox.get(`/messages/${n + 3}.json`)).toMatchObject({ subject: null });
    expect((await sandbox.ask(`GET /messages/${n + 3}.plain`)).text).toBe(text);
  }
  expect((await sandbox.get<object[]>('/messages'))[2]).toMatchObject({ id: 3, subject: null });
});

test('an attachment is what has a name, whatever its disposition; the first text without one is the body', async () => {
  await using sandbox = await startWithMail();
  const parts = [
    'Content-Type: text/plain; name=notes.txt\r\n\r\nnotes',
    'Content-Type: text/plain\r\n\r\nbody',
    'Content-Type: text/plain\r\n\r\nfooter',
    'Content-Type: image/png\r\nContent-Disposition: inline; filename=b.png\r\nContent-ID: <b@x>\r\n\r\nhi',
    'Content-Type: image/gif\r\nContent-Disposition: attachment\r\n\r\nhi',
    'Content-Type: image/png; filename=a.png\r\n\r\nhi',
    'Content-Type: image/png\r\nContent-Disposition: attachment;\r\n name="c.png"\r\n\r\nhi',
    'Content-Type: image/png\r\nContent-Location: d.png\r\n\r\nhi',
    'Content-Type: image/png\r\nContent-Location: "http://x.test/e.png"\r\n\r\nhi',
    'Content-Type: image/png\r\nContent-Location: http://x.test/none.png\r\n\r\nhi',
    'Content-Type: message/rfc822; name=f.eml\r\n\r\nSubject: inner\r\n\r\ninner',
    'Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner',
  ];
  await sendMail(
    sandbox,
    `Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${parts.join('\r\n--b\r\n')}\r\n--b--\r\n`,
  );
  const { formats, attachments } = await sandbox.get<{
    formats: string[];
    attachments: { filename: string; href: string }[];
  }>('/messages/3.json');
  expect(formats).toEqual(['source', 'plain']);
  expect(attachments.map(({ filename }) => filename)).toEqual([
    'a.png',
    'b.png',
    'c.png',
    'd.png',
    'f.eml',
    'http://x.test/e.png',
    'notes.txt',
  ]);
  expect((await sandbox.ask('GET /messages/3.plain')).text).toBe('body');
  const inline = await sandbox.ask(`GET ${attachments[1]!.href}`);
  expect(inline.headers.get('content-disposition')).toMatch(/^attachment; filename="b.png"/);
});

test('what is not there is answered 404', async () => {
  await using sandbox = await startWithMail();
  for (const path of [
    '3.json',
    '0.json',
    'x.plain',
    '2.html',
    '1/parts/none',
    '99999999999999999999.eml',
    '-1.source',
  ])
    expect(`${path} ${(await sandbox.ask(`GET /messages/${path}`)).status}`).toBe(`${path} 404`);
  expect((await sandbox.ask('DELETE /messages/3')).status).toBe(404);
});

test('deleting takes one or all, and numbers are not given again', async () => {
  await using sandbox = await startWithMail();
  expect((await sandbox.ask('DELETE /messages/1')).status).toBe(204);
  expect((await sandbox.ask('GET /messages/1.json')).status).toBe(404);
  expect((await sandbox.ask('DELETE /messages')).status).toBe(204);
  expect(await sandbox.get('/messages')).toEqual([]);
  await sendMail(sandbox, 'Subject: next\r\n\r\nx\r\n');
  expect(await sandbox.get('/messages')).toMatchObject([{ id: 3, subject: 'next' }]);
});

test('all recipients are named, however many', async () => {
  await using sandbox = await startWithMail();
  const many = Array.from({ length: 50 }, (_, n) => `r${n}@example.com`);
  await sendMail(sandbox, 'Subject: many\r\n\r\nx\r\n', 'a@example.com', many);
  const [, , third] = await sandbox.get<{ recipients: string[] }[]>('/messages');
  expect(third!.recipients).toEqual(many.map((address) => `<${address}>`));
});

test('a part that a browser would run is only ever a download', async () => {
  await using sandbox = await startWithMail();
  for (const type of [
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/xml',
    'x',
    'text/html\x01',
  ]) {
    const id = await sendMail(
      sandbox,
      `Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n` +
        `Content-Type: ${type}\r\nContent-ID: <x>\r\nContent-Disposition: inline; filename=x\r\n\r\n<script>1</script>\r\n--b--\r\n`,
    );
    const { seq } = await sandbox.client.readMessage({ params: { id } });
    for (const path of [`/messages/${seq}/parts/x`, `/api/v1/message/${id}/part/2`]) {
      const { status, headers } = await sandbox.ask(`GET ${path}`);
      expect(`${type} ${status}`).toBe(`${type} 200`);
      expect(headers.get('content-type')).not.toMatch(/html|xml/);
      expect(headers.get('content-security-policy')).toContain('sandbox');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  }
});
