// What a client got over by itself in the same session, or what we ended, is no failure of it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { detectInSession } from '../../shared/diagnose/session/detect.ts';
import type { Session } from '../../shared/session.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { leaves } from './groups.ts';
import { plainLogin, says, type Talk } from './talk.ts';

let sandbox: TestSandbox;
let count = 0;
beforeAll(async () => {
  sandbox = await startTestSandbox(
    {
      user: ['joe:secret'],
      authMechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
      listen: ['smtp://127.0.0.1:0?auth-tls=required&tls=offered', 'smtp://127.0.0.1:0?proxy=true'],
    },
    { limits: { idleMs: 300 } },
  );
});
afterAll(() => sandbox[Symbol.asyncDispose]());

async function hold(talk: Talk, port = 0): Promise<Session> {
  {
    await using wire = await sandbox.wire(port);
    await talk(wire);
  }
  return (await sandbox.closedSessions(++count)).at(-1)!;
}
const shown = ({ findingList = [] }: Session): string[] =>
  findingList.map(({ rule, severity }) => `${severity} ${rule}`);

const login = plainLogin('joe', 'secret');

test.each<[string, Talk, string, number?]>([
  ['a mechanism that is not offered', says('AUTH DIGEST-MD5', login), 'auth.mechanism-not-offered'],
  ['CRAM-MD5 with an initial response', says('AUTH CRAM-MD5 am9l', login), 'auth.malformed'],
  ['a user with a blank behind it', says(plainLogin('joe ', 'secret'), login), 'auth.whitespace'],
  ['a login that it called off', says('AUTH LOGIN', '*', login), 'auth.abandoned'],
  ['a login that is no base64', says('AUTH LOGIN', 'joe smith!', login), 'auth.bad-encoding'],
  [
    'a login in clear text',
    async (wire) => {
      await wire.hello();
      await wire.say(login);
      await wire.say('STARTTLS');
      await wire.secure({ servername: 'localhost' });
      await wire.say('EHLO client.test');
      await wire.say(login);
      await wire.quit();
    },
    'tls.required',
    3,
  ],
])('%s is but a notice when the login succeeds after it', async (_what, talk, rule, port) => {
  expect(shown(await hold(talk, port))).toEqual([`notice ${rule}`]);
});

test('what failed after a login that succeeded weighs as ever', async () => {
  expect(shown(await hold(says(login, 'AUTH DIGEST-MD5')))).not.toContain(
    'notice auth.mechanism-not-offered',
  );
});

test('a login that a time limit of ours ended is not called left by the client', async () => {
  const session = await hold(async (wire) => {
    await wire.hello();
    await wire.say('AUTH LOGIN');
    await wire.closed();
  });
  expect(shown(session)).toEqual(['warning auth.abandoned', 'info connect.idle']);
  expect(session.findingList![0]!.vars.what).toMatch(/until the connection was closed with 421/);
});

test('nobody breaks a login off when Mailscope shuts down', async () => {
  const session = await hold(
    leaves(async (wire) => {
      await wire.hello();
      await wire.say('AUTH LOGIN');
    }),
  );
  expect(shown(session)).toEqual(['warning auth.abandoned']);
  const ended = {
    by: 'server',
    how: 'shutdown',
    phase: 'auth',
    text: 'Mailscope was shutting down.',
  } as const;
  expect(detectInSession({ ...session, ended })).toEqual([]);
});

test('who waits in the middle of a mail, and not of its content, is idle', async () => {
  const session = await hold(async (wire) => {
    await wire.hello();
    await wire.say('MAIL FROM:<ann@example.test>');
    await wire.closed();
  });
  expect(shown(session)).toEqual(['info connect.idle']);
});

test('a login that comes in clear text from a proxy on this machine is not seen in the network', async () => {
  const session = await hold(async (wire) => {
    wire.send('PROXY TCP4 203.0.113.5 203.0.113.6 40000 25\r\n');
    await wire.hello();
    await wire.say(login);
    await wire.mail();
    await wire.quit();
  }, 4);
  expect(session.peer.address).toBe('203.0.113.5');
  expect(shown(session)).toEqual([]);
});
