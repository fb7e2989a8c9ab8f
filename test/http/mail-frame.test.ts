import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../process/mailscope.ts';
import { partOf } from '../support/records.ts';
import { startTestHttp, type TestHttp } from './support.ts';

function addHtml(http: TestHttp): void {
  http.fake.addMessage('m_1', Buffer.from('\x89PNG<svg>', 'latin1'), {
    html: '<img src="cid:Logo@x"><script>alert(1)</script>',
    structure: partOf({
      path: '0',
      children: [partOf({ path: '1', bodyLength: 4 }), partOf({ path: '2', bodyOffset: 4, bodyLength: 5 })],
    }),
    attachmentList: [
      {
        part: '1',
        filename: 'a.png',
        contentType: 'image/png',
        size: 4,
        sha256: '',
        contentId: '<logo@x>',
        inline: true,
      },
      {
        part: '2',
        filename: 'a.svg',
        contentType: 'image/svg+xml',
        size: 5,
        sha256: '',
        contentId: '<svg@x>',
        inline: true,
      },
    ],
  });
}

test('a message is shown as a sandboxed document that can load nothing but its own inline parts', async () => {
  await using http = await startTestHttp();
  addHtml(http);
  const answer = await fetch(`${http.url}/mail/m_1`);
  const policy = answer.headers.get('content-security-policy')!;
  expect(policy).toContain('sandbox');
  expect(policy).toContain(`img-src data: ${http.url}/cid/`);
  expect(policy).not.toContain("'self'");
  expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const remote = await fetch(`${http.url}/mail/m_1?remote=1`);
  expect(remote.headers.get('content-security-policy')).toContain('img-src https: http: data:');
  expect(await (await fetch(`${http.url}/mail/m_1?view=text`)).text()).toBe('<pre>hello</pre>');
  const bare = await fetch(`${http.url}/mail/m_1?images=0&remote=1`);
  expect(bare.headers.get('content-security-policy')).toMatch(/img-src 'none'(;|$)/);
  expect(bare.headers.get('x-dns-prefetch-control')).toBe('off');
  expect((await fetch(`${http.url}/mail/m_1?images=x`)).status).toBe(400);
  expect((await fetch(`${http.url}/mail/m_1?view=x`)).status).toBe(400);
  expect((await fetch(`${http.url}/mail/m_1?remote=1&x=1`)).status).toBe(400);
});

test('an inline part is given to who has its token, also from the opaque origin of the frame', async () => {
  await using http = await startTestHttp();
  addHtml(http);
  const path = /\/cid\/[^"]+/.exec(await (await fetch(`${http.url}/mail/m_1`)).text())![0];
  const image = await fetch(http.url + path, { headers: { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' } });
  expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(image.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  // Neither another part with the same token, nor a changed token, nor a change.
  expect((await fetch(http.url + path.replace('m_1.1.', 'm_1.2.'))).status).toBe(404);
  expect((await fetch(http.url + path.slice(0, -1) + (path.endsWith('A') ? 'B' : 'A'))).status).toBe(404);
  expect((await fetch(http.url + path, { method: 'POST', headers: { Origin: 'null' } })).status).toBe(403);
});

test('an inline part that is no picture by its bytes is never shown as one', async () => {
  await using http = await startTestHttp();
  addHtml(http);
  http.fake.messages.get('m_1')!.message.html = '<img src="cid:svg@x">';
  const path = /\/cid\/[^"]+/.exec(await (await fetch(`${http.url}/mail/latest`)).text())![0];
  const image = await fetch(http.url + path);
  expect(image.headers.get('content-type')).toBe('application/octet-stream');
  expect(image.headers.get('content-disposition')).toBe('attachment');
});

test('the interface is one page for its routes, with a strict policy, and hashed files that are kept', async () => {
  // A dot in the path, as npx has one.
  await using above = await temporaryFolder();
  const folder = join(above.path, '.web', 'web');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html>the interface');
  await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'run()');
  const large = 'let a = 1;\n'.repeat(500);
  await writeFile(join(folder, 'assets', 'large-3c.js'), large);
  await writeFile(join(folder, 'icon.svg'), '<svg/>');
  await writeFile(join(folder, '.hidden'), 'x');
  await using http = await startTestHttp({ webFolder: folder });
  for (const path of [
    '/',
    '/inbox/default/m_1',
    '/inbox/a%20b',
    '/sessions/s_1',
    '/connect',
    '/faults',
    '/issues',
    '/issues/i_1',
    '/probe',
    '/settings',
  ]) {
    const page = await fetch(http.url + path);
    expect([path, page.status, await page.text()]).toEqual([path, 200, '<!doctype html>the interface']);
    const policy = page.headers.get('content-security-policy')!;
    for (const rule of [
      "default-src 'none'",
      "script-src 'self';",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      `connect-src 'self' ws://127.0.0.1:${http.port};`,
    ])
      expect(policy).toContain(rule);
    expect(page.headers.get('cache-control')).toBe('no-cache');
  }
  const script = await fetch(`${http.url}/assets/app-1a2b.js`);
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(script.headers.get('content-type')).toContain('javascript');
  for (const [accepted, encoding] of [
    ['gzip, br', 'gzip'],
    ['gzip', 'gzip'],
    ['identity', null],
    ['gzip;q=0', null],
  ] as const) {
    const answer = await fetch(`${http.url}/assets/large-3c.js`, {
      headers: { 'accept-encoding': accepted },
    });
    expect([answer.headers.get('content-encoding'), await answer.text()]).toEqual([encoding, large]);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-type')).toContain('javascript');
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
  }
  expect((await fetch(`${http.url}/icon.svg`)).headers.get('cache-control')).toBe('no-cache');
  for (const path of [
    '/other',
    '/connect/x',
    '/index.htm',
    '/.hidden',
    '/assets/',
    '/assets/none-1.js',
    '/assets/../index.html%2f',
  ])
    expect([400, 404], path).toContain((await fetch(http.url + path)).status);
});

test('without a built interface the page says so in plain words', async () => {
  await using http = await startTestHttp();
  const page = await fetch(`${http.url}/connect`);
  expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8']);
  expect(await page.text()).toContain('npm run build');
});
