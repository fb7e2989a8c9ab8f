// Any web page may be open beside Mailscope: on another port of this machine, on another site, or under a name that is
// made to lead here (DNS rebinding). None of them reads or changes anything, by whatever a page can send.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { routes } from '../../shared/routes.ts';
import { useBrowser } from '../support/browser.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

const browserTest = useBrowser([
  // Browsers that have no such wall of their own are to be safe as well.
  '--disable-features=LocalNetworkAccessChecks',
  '--host-resolver-rules=MAP rebind.test 127.0.0.1, MAP evil.test 127.0.0.1',
]);

const password = 'only for the page';

/** Serves an empty page at every path, under every name. */
async function startOther(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end('<!doctype html><title>other</title><body>');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Says of each way what came of it; `read` where the page saw an answer. */
function attack({ url, gets, changes }: { url: string; gets: string[]; changes: string[] }) {
  const within = <T>(what: Promise<T>): Promise<T | 'nothing'> =>
    Promise.race([what, new Promise<'nothing'>((done) => setTimeout(() => done('nothing'), 3000))]);
  const form = (path: string, enctype: string): void => {
    const frame = Object.assign(document.createElement('iframe'), { name: `f${Math.random()}` });
    const element = Object.assign(document.createElement('form'), {
      ...{ action: url + path, method: 'POST', enctype, target: frame.name },
    });
    const field = Object.assign(document.createElement('input'), { name: '{"all":true,"x":"', value: '"}' });
    element.append(field);
    document.body.append(frame, element);
    element.submit();
  };
  const load = (tag: 'img' | 'script' | 'iframe' | 'link', path: string): Promise<string> =>
    new Promise((done) => {
      const element = document.createElement(tag);
      element.addEventListener('load', () => done(tag === 'iframe' ? 'nothing' : `loaded ${path}`));
      element.addEventListener('error', () => done('nothing'));
      if (tag === 'link') Object.assign(element, { rel: 'stylesheet', href: url + path });
      else Object.assign(element, { src: url + path });
      document.body.append(element);
    });
  const ask = async (path: string, init: RequestInit): Promise<string> => {
    try {
      const answer = await fetch(url + path, { credentials: 'include', ...init });
      return answer.type === 'opaque' ? 'nothing' : `read ${path}: ${answer.status}`;
    } catch {
      return 'nothing';
    }
  };
  const socket = (path: string): Promise<string> =>
    new Promise((done) => {
      const opened = new WebSocket(url.replace('http', 'ws') + path);
      opened.onopen = () => done(`open ${path}`);
      opened.onerror = () => done('nothing');
    });
  const stream = (path: string): Promise<string> =>
    new Promise((done) => {
      const source = new EventSource(url + path, { withCredentials: true });
      source.onopen = () => done(`open ${path}`);
      source.onerror = () => done('nothing');
    });
  for (const path of changes)
    for (const enctype of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])
      form(path, enctype);
  for (const path of changes) {
    navigator.sendBeacon(url + path, '{"all":true}');
    navigator.sendBeacon(url + path, new Blob(['{"all":true}'], { type: 'application/json' }));
  }
  const body = '{"all":true}';
  const tried = [
    ...gets.flatMap((path) => [
      load('img', path),
      load('script', path),
      load('link', path),
      load('iframe', path),
    ]),
    ...gets.flatMap((path) => [ask(path, {}), ask(path, { mode: 'no-cors' })]),
    ...changes.flatMap((path) => [
      ask(path, { method: 'POST', mode: 'no-cors', body }),
      ask(path, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', 'X-Mailscope': '1' },
      }),
      ask(path, { method: 'DELETE', headers: { 'X-Mailscope': '1' } }),
    ]),
    socket('/socket.io/?EIO=4&transport=websocket'),
    socket('/api/events'),
    socket('/messages'),
    stream('/socket.io/?EIO=4&transport=polling'),
    ask('/socket.io/?EIO=4&transport=polling', {}),
  ];
  return Promise.all(tried.map(within)).then((all) => all.filter((one) => one !== 'nothing'));
}

async function startFilled(flags = {}): Promise<{ sandbox: TestSandbox; state: () => Promise<string> }> {
  const sandbox = await startTestSandbox(flags);
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const n of [1, 2]) await wire.mail(`Subject: precious ${n}\r\n\r\nx\r\n`);
  await wire.say('QUIT');
  await wire.closed();
  const headers = { Authorization: `Basic ${btoa(`:${password}`)}` };
  // All that happens by itself has happened.
  const last = async (): Promise<string> =>
    (await fetch(`${sandbox.url}/api/events?limit=1000`, { headers })).text();
  await expect
    .poll(async () => [...(await last()).matchAll(/message:parsed|session:closed/g)].length)
    .toBe(3);
  const state = async (): Promise<string> => {
    const parts = ['/api/messages', '/api/sessions', '/api/inboxes', '/api/events?limit=1000'].map(
      async (path) => (await fetch(sandbox.url + path, { headers })).text(),
    );
    return (await Promise.all(parts)).join('\n');
  };
  return { sandbox, state };
}

const gets = [
  ...Object.values(routes)
    .filter(({ method, path }) => method === 'GET' && !path.endsWith('/wait'))
    .map(({ path }) => path.replace(':id', 'latest').replace(/:\w+/, '1')),
  // Reading here marks as read, and those that other tools give by GET.
  ...[
    '/email',
    '/email/1',
    '/api/v1/messages',
    '/api/v2/messages',
    '/messages',
    '/view/latest.html',
    '/mail/latest',
  ],
];
const changes = [
  ...['/api/messages/delete', '/api/messages/update', '/api/messages', '/api/sessions/delete', '/api/sample'],
  ...['/api/inboxes', '/api/login', '/api/logout', '/api/v1/messages', '/api/v1/send', '/email/all', '/mcp'],
];

browserTest(
  'a page on another port or site reads nothing and changes nothing, even beside a login',
  { timeout: 90_000 },
  async (browser) => {
    const { sandbox, state } = await startFilled({ password });
    await using _ = sandbox;
    await using other = await startOther();
    const before = await state();
    const context = await browser.newContext();
    try {
      const own = await context.newPage();
      await own.goto(sandbox.url);
      await own.getByLabel('Password', { exact: true }).fill(password);
      await own.keyboard.press('Enter');
      await own.getByRole('link', { name: /precious 2/ }).waitFor();
      const port = new URL(sandbox.url).port;
      for (const from of [`http://127.0.0.1:${other.port}`, `http://evil.test:${other.port}`]) {
        const page = await context.newPage();
        page.on('dialog', (dialog) => void dialog.dismiss());
        await page.goto(from);
        const got = await page.evaluate(attack, { url: `http://127.0.0.1:${port}`, gets, changes });
        expect([from, got]).toEqual([from, []]);
        await page.close();
      }
      expect(await state()).toBe(before);
      // The login is still good, too.
      await own.reload();
      await own.getByRole('link', { name: /precious 2/ }).waitFor();
    } finally {
      await context.close();
    }
  },
);

browserTest(
  'a name that is made to lead here (DNS rebinding) gets 421 for everything, and no word of a mail',
  { timeout: 60_000 },
  async (browser) => {
    const { sandbox, state } = await startFilled();
    await using _ = sandbox;
    const before = await state();
    const base = `http://rebind.test:${new URL(sandbox.url).port}`;
    const page: Page = await browser.newPage();
    try {
      const answer = await page.goto(`${base}/`);
      expect(answer?.status()).toBe(421);
      // The page that came before the name was made to lead here; from it all is of the same origin.
      await page.route(`${base}/attack`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>attack</title>' }),
      );
      await page.goto(`${base}/attack`);
      const got = await page.evaluate(
        async (paths) =>
          Promise.all(
            paths.map(async (path) => {
              const answer = await fetch(path);
              return `${path} ${answer.status} ${(await answer.text()).includes('precious')}`;
            }),
          ),
        gets,
      );
      expect(got).toEqual(gets.map((path) => `${path} 421 false`));
      const changed = await page.evaluate(
        async (paths) =>
          Promise.all(
            paths.map(async (path) => {
              const headers = { 'Content-Type': 'application/json', 'X-Mailscope': '1' };
              const answer = await fetch(path, { method: 'POST', headers, body: '{"all":true}' });
              return answer.status;
            }),
          ),
        changes,
      );
      expect(new Set(changed)).toEqual(new Set([421]));
      expect(await state()).toBe(before);
    } finally {
      await page.close();
    }
  },
);
