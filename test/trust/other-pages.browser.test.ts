// Any web page may be open beside Mailscope: on another port of this machine, on another site, or under a name that is
// made to lead here (DNS rebinding). None of them reads or changes anything, by whatever a page can send.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { routes } from '../../shared/routes.ts';
import { useBrowser } from '../support/browser.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { attackFrom, startOther, startUnguarded } from '../security/other-page.ts';

const browserTest = useBrowser([
  // Browsers that have no such wall of their own are to be safe as well.
  '--disable-features=LocalNetworkAccessChecks',
  '--host-resolver-rules=MAP rebind.test 127.0.0.1, MAP evil.test 127.0.0.1',
]);

const password = 'only for the page';

async function startFilled(flags = {}): Promise<{ sandbox: TestSandbox; state: () => Promise<string> }> {
  const sandbox = await startTestSandbox(flags);
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const n of [1, 2]) await wire.mail(`Subject: precious ${n}\r\n\r\nx\r\n`);
  await wire.quit();
  const headers = { Authorization: `Basic ${btoa(`:${password}`)}` };
  // All that happens by itself has happened.
  const last = async (): Promise<string> =>
    (await fetch(`${sandbox.url}/api/events?limit=1000`, { headers })).text();
  await expect
    .poll(async () => [...(await last()).matchAll(/message:parsed|session:closed|issue:changed/g)].length)
    .toBe(5);
  const state = async (): Promise<string> => {
    const lists = ['/api/messages', '/api/sessions', '/api/inboxes', '/api/issues', '/api/events?limit=1000'];
    const parts = lists.map(async (path) => (await fetch(sandbox.url + path, { headers })).text());
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
  ...[
    '/api/issues/delete',
    '/api/inboxes',
    '/api/login',
    '/api/logout',
    '/api/v1/messages',
    '/api/v1/send',
    '/email/all',
    '/mcp',
  ],
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
        const got = await attackFrom(context, from, { url: `http://127.0.0.1:${port}`, gets, changes });
        expect([from, got]).toEqual([from, []]);
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

const sockets = ['/socket.io/?EIO=4&transport=websocket', '/api/events', '/messages'];
const polling = '/socket.io/?EIO=4&transport=polling';
/** What a server gets of it: every request, and what the browser says of where it comes from. */
const everything = [
  ...gets.flatMap((path) =>
    [
      ...['image no-cors', 'script no-cors', 'style no-cors', 'iframe navigate'],
      ...['empty cors', 'empty no-cors'],
    ].map((how) => `GET ${path} ${how}`),
  ),
  ...changes.flatMap((path) => [
    ...['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'].map(
      (type) => `POST ${path} iframe navigate ${type}`,
    ),
    // A beacon and a fetch; each of these twice.
    ...Array<string>(2).fill(`POST ${path} empty no-cors text/plain`),
    ...Array<string>(2).fill(`POST ${path} empty cors application/json`),
    `DELETE ${path} empty cors`,
  ]),
  ...sockets.map((path) => `socket ${path}`),
  ...[`GET ${polling} stream`, `GET ${polling} empty cors`],
];

/** What of `wanted` is not there, as often as it is wanted. */
function without(wanted: readonly string[], there: readonly string[]): string[] {
  const left = [...there];
  return wanted.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

browserTest(
  'what such a page sends comes, in every way, to a server that guards nothing, and what that answers is read',
  { timeout: 90_000 },
  async (browser) => {
    await using unguarded = await startUnguarded();
    await using other = await startOther();
    const context = await browser.newContext();
    try {
      for (const from of [`http://127.0.0.1:${other.port}`, `http://evil.test:${other.port}`]) {
        unguarded.received.length = 0;
        const got = await attackFrom(context, from, { url: unguarded.url, gets, changes });
        const missing = (): string[] => without(everything, unguarded.received);
        await expect.poll(missing, { message: from }).toEqual([]);
        expect(got.sort()).toEqual(
          [
            ...gets.flatMap((path) => [...Array<string>(3).fill(`loaded ${path}`), `read ${path}: 200`]),
            ...changes.flatMap((path) => Array<string>(2).fill(`read ${path}: 200`)),
            ...sockets.map((path) => `open ${path}`),
            ...[`open ${polling}`, `read ${polling}: 200`],
          ].sort(),
        );
      }
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
