// `latest` in a URL of the page.
import { expect, test } from 'vitest';
import { goToNewest } from '../../web/state/newest.ts';
import { parseRoute } from '../../web/state/route.svelte.ts';

type Client = Parameters<typeof goToNewest>[0];
type Router = Parameters<typeof goToNewest>[1];

const client = {
  readMessage: async () => ({ id: 'm_newest' }),
  readSession: async () => ({ id: 's_newest' }),
} as unknown as Client;

async function follow(path: string): Promise<string[]> {
  const url = new URL(path, 'http://127.0.0.1');
  const route = parseRoute(url.pathname, url.search);
  const went: string[] = [];
  const router = { current: route, go: (to: string) => void went.push(to) } as unknown as Router;
  await goToNewest(client, router, route);
  return went;
}

test('/inbox/latest becomes the URL of the newest message, with its tab and its search', async () => {
  expect(await follow('/inbox/latest')).toEqual(['/inbox/m_newest']);
  expect(await follow('/inbox/latest/headers?q=to%3Aann')).toEqual(['/inbox/m_newest/headers?q=to%3Aann']);
});

test('/sessions/latest becomes the URL of the newest session', async () => {
  expect(await follow('/sessions/latest')).toEqual(['/sessions/s_newest']);
});
