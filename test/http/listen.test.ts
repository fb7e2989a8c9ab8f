import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { expect, test } from 'vitest';
import { listen } from '../../server/http/listen.ts';
import { silentLog } from '../support/silent-log.ts';

test('a connection that cannot be accepted, as where files run out, does not end the program', async () => {
  const web = createServer((_request, response) => response.end('there'));
  const second = await listen(web, { host: 'localhost', port: 0 }, silentLog);
  const listeners = [web, second].filter((one): one is Server => one !== null);
  try {
    // As Node tells of it; without a listener that is thrown, and nobody catches it.
    for (const one of listeners)
      one.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE', syscall: 'accept' }));
    const { port } = web.address() as AddressInfo;
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('there');
  } finally {
    for (const one of listeners) one.close();
    web.closeAllConnections();
  }
});
