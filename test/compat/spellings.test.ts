// Paths as clients write them: what their tools' servers take in another spelling is taken here too.
import { expect, test } from 'vitest';
import { sendMail, startWithMail } from './support.ts';

const withPart = [
  ...['From: a@example.com', 'To: b@example.com', 'Subject: one part', 'MIME-Version: 1.0'],
  ...['Content-Type: multipart/related; boundary=b', '', '--b', 'Content-Type: image/png; name=a.png'],
  ...["Content-ID: <it's*(1)!~@example.com>", '', 'PNG', '--b--', ''],
].join('\r\n');

/** As Python's quote, PHP's rawurlencode, Ruby and .NET encode: what JavaScript leaves as it is too. */
const encodeAll = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

test('a path is taken however much of a name in it the client encodes', async () => {
  await using sandbox = await startWithMail();
  await sendMail(sandbox, withPart);
  const cid = "it's*(1)!~@example.com";
  for (const written of [cid, encodeURIComponent(cid), encodeAll(cid)]) {
    const { status, text } = await sandbox.ask(`GET /messages/3/parts/${written}`);
    expect([written, status, text]).toEqual([written, 200, 'PNG']);
  }
});

test('a slash behind a path of maildev 2 does not matter, as with maildev', async () => {
  await using sandbox = await startWithMail();
  const [first] = sandbox.ids;
  for (const path of ['/email', `/email/${first}`, `/email/${first}/html`, '/healthz', '/config']) {
    const plain = await sandbox.ask(`GET ${path}`);
    const slashed = await sandbox.ask(`GET ${path}/`);
    expect([path, slashed.status, slashed.text]).toEqual([path, 200, plain.text]);
  }
  expect((await sandbox.ask('DELETE /email/all/')).status).toBe(200);
  expect(await sandbox.get('/email')).toEqual([]);
});

test('doubled slashes lead to the path that is meant, as with Mailpit and MailHog, for their calls alone', async () => {
  await using sandbox = await startWithMail();
  for (const [doubled, meant] of [
    ['//api/v1/messages?limit=1', '/api/v1/messages?limit=1'],
    ['/api/v1//message/latest', '/api/v1/message/latest'],
    ['//api//v2///messages?limit=1', '/api/v2/messages?limit=1'],
    ['/view//latest.txt?a=//b', '/view/latest.txt?a=//b'],
  ] as const) {
    const { status, headers } = await sandbox.ask(`GET ${doubled}`);
    expect([doubled, status, headers.get('location')]).toEqual([doubled, 301, meant]);
  }
  for (const other of ['//api/messages', '/api//status', '//mail/m_1', '//example.com/view/x.html'])
    expect([other, (await sandbox.ask(`GET ${other}`)).status]).toEqual([other, 400]);
  // A client that follows has what it asked for.
  expect(await (await fetch(`${sandbox.url}//api/v1/messages`, { method: 'DELETE' })).text()).toBe('ok');
  expect(await sandbox.get('/api/v1/messages')).toMatchObject({ total: 0 });
});
