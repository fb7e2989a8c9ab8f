// What Mailpit's checks, and its release of a message, answer (v1.30: server/apiv1, internal/linkcheck).
import { expect, test } from 'vitest';
import { sendMail, startWithMail } from './support.ts';

test('the checks find what Mailpit finds, and refuse as it does', async () => {
  await using sandbox = await startWithMail();
  const html =
    '<html><head><link rel=stylesheet href="http://remote-host/style.css"><script src="https://a.test/x"></script></head>' +
    '<body><a href="http://example.com">1</a><a href="HTTPS://EXAMPLE.COM">2</a><a href=\'https://127.0.0.1\'>3</a>' +
    '<img src=https://example.com/image.jpg><p href="http://ignored.test">no</p><a href="http://link with spaces">4</a>' +
    '<a href="http://example.com/?blaah=yes&amp;test=true">5</a><a href="mailto:a@b.c">6</a></body></html>';
  const text =
    '[http://localhost] www.google.com http://example.com |||http://example.com/?some=query-string|||\r\n' +
    'and <http://long.example/a\r\nline>\r\n';
  const part = (type: string, body: string): string => `--b\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  await sendMail(
    sandbox,
    `Content-Type: multipart/alternative; boundary=b\r\n\r\n${part('text/plain', text)}${part('text/html', html)}--b--\r\n`,
  );
  const { json } = await sandbox.ask('GET /api/v1/message/latest/link-check?follow=1');
  const { Errors, Links } = json as { Errors: number; Links: { URL: string }[] };
  // As its own test has them (internal/linkcheck/linkcheck_test.go).
  expect(Links.map(({ URL }) => URL)).toEqual([
    ...['http://example.com', 'HTTPS://EXAMPLE.COM', 'https://127.0.0.1', 'http://link with spaces'],
    ...['http://example.com/?blaah=yes&test=true', 'http://remote-host/style.css'],
    ...['https://example.com/image.jpg', 'http://localhost', 'http://example.com/?some=query-string'],
    'http://long.example/aline',
  ]);
  expect(Errors).toBe(Links.length);
  expect((await sandbox.ask('GET /api/v1/message/latest/html-check')).json).toMatchObject({
    Warnings: expect.arrayContaining([
      {
        ...{ Slug: 'html-script', Title: '<script> element', URL: '', Category: 'html', Tags: [] },
        ...{ Keywords: '', Results: [], NotesByNumber: {}, Score: expect.anything() as unknown },
        Description: 'JavaScript is not supported in any email client.',
      },
    ]) as unknown,
    Total: { Nodes: 11 },
  });
  for (const [call, body, status, text] of [
    ['GET /api/v1/message/nope/html-check', undefined, 404, '404 page not found'],
    ['GET /api/v1/message/nope/link-check', undefined, 404, '404 page not found'],
    ['GET /api/v1/message/nope/sa-check', undefined, 404, '404 page not found'],
    ['GET /api/v1/message/latest/sa-check', undefined, 404, '404 page not found'],
    ['GET /api/v1/message/nope/part/1/thumb', undefined, 400, 'message not found'],
    ['GET /api/v1/message/latest/part/9/thumb', undefined, 400, 'attachment not found'],
    ['POST /api/v1/message/nope/release', { To: ['a@b.c'] }, 404, '404 page not found'],
    ['POST /api/v1/message/latest/release', undefined, 400, 'EOF'],
    ['POST /api/v1/message/latest/release', {}, 400, 'No valid addresses found'],
    ['POST /api/v1/message/latest/release', { To: ['a@b.c', 'x'] }, 400, 'Invalid email address: x'],
    [
      'POST /api/v1/message/latest/release',
      { To: ['a@b.c'] },
      400,
      'Failed: unable to parse From header: mail: header not in message',
    ],
    [
      `POST /api/v1/message/${sandbox.ids[0]}/release`,
      { To: ['a@b.c'] },
      400,
      'SMTP error: no relay is configured: Mailscope delivers nothing',
    ],
    [
      'POST /api/v1/message/latest/release',
      { To: 'a@b.c' },
      400,
      'json: cannot unmarshal string into Go struct field .To of type []string',
    ],
  ] as const)
    expect(await sandbox.ask(call, body)).toMatchObject({ status, text, type: 'text/plain' });
});
