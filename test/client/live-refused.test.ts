// What the live namespace cannot take it says, instead of letting the client come again and again.
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

test.each([
  [{ since: 'zzz' }, /`since`.*cursor/],
  [{ since: '' }, /`since`.*cursor/],
  [{ since: 5 }, /`since`.*cursor/],
  [{ inbox: '/' }, /`inbox`/],
  [{ token: 5 }, /`token`/],
])('%j is refused where the client hears of it', async (auth, what) => {
  await using sandbox = await startTestSandbox();
  const socket = io(`${sandbox.url}/live`, { transports: ['websocket'], auth, reconnection: false });
  const said = await new Promise<string>((done) => {
    socket.on('connect', () => done('connected'));
    socket.on('connect_error', ({ message }) => done(message));
  });
  socket.close();
  expect(said).toMatch(what);
});
