// Sessions over the wire, many at once in few sandboxes; each is told by the port of its client.
import type { Found } from '../../shared/finding.ts';
import type { Session } from '../../shared/session.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import type { Wire } from '../support/wire.ts';

/** Ends the connection itself, or is ended. */
export type Talk = (wire: Wire) => Promise<unknown>;

export interface Case {
  /** What the client does. */
  does: string;
  /** The findings but those of `info`, in their order; `info:` before those that are to be there as well. */
  finds: string[];
  talk: Talk;
  /** Of the listener; default: smtp. */
  port?: 'smtp' | 'submission' | 'smtps' | 'further';
}

const ports = ['smtp', 'submission', 'smtps', 'further'];

async function hold(sandbox: TestSandbox, { talk, port = 'smtp' }: Case): Promise<number> {
  await using wire = await sandbox.wire(ports.indexOf(port));
  const own = wire.socket.localPort!;
  await talk(wire);
  return own;
}

function alone({ findingList, ...session }: Session): Session {
  const own = findingList?.filter(({ rule }) => !rule.startsWith('series.'));
  return { ...session, ...(own?.length && { findingList: own }) };
}

export type Settings = Parameters<typeof startTestSandbox>;

/** The session of each, in their order. What they show together is no matter here: they come all at once. */
export async function holdAll(cases: readonly Case[], ...settings: Settings): Promise<Session[]> {
  await using sandbox = await startTestSandbox(...settings);
  const own = await Promise.all(cases.map((one) => hold(sandbox, one)));
  const sessions = await sandbox.closedSessions(cases.length);
  return own.map((port) => alone(sessions.find(({ peer }) => peer.port === port)!));
}

export const namesOf = (found: readonly Found[] = []): string[] =>
  found.map(({ rule, severity }) => (severity === 'info' ? `info:${rule}` : rule));

/** A mail that is well-formed, from EHLO to QUIT. */
export const goodMail: Talk = async (wire) => {
  await wire.hello();
  await wire.mail();
  await wire.quit();
};

/** EHLO, then these lines one by one, then QUIT. */
export const says =
  (...lines: string[]): Talk =>
  async (wire) => {
    await wire.hello();
    for (const line of lines) await wire.say(line);
    await wire.quit();
  };

export const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
export const plainLogin = (user: string, password: string): string =>
  `AUTH PLAIN ${base64(`\0${user}\0${password}`)}`;
