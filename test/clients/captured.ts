// What every client test asks of the record of a session.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Session } from '../../shared/session.ts';
import { bytesOfSide, type TestSandbox } from '../support/sandbox.ts';
import { recipients, sender } from './messages.ts';
import { findForms, readWholeApi } from './secret-forms.ts';

/** Positions in the `ports` of a sandbox. */
export const listener = { smtp: 0, submission: 1, smtps: 2 } as const;
export type Way = keyof typeof listener;
export const ways = Object.keys(listener) as Way[];

export interface Captured {
  session: Session;
  raw: Buffer;
}

/** The session of that number, from 1, which stored exactly one message. */
export async function readCaptured(sandbox: TestSandbox, number: number): Promise<Captured> {
  const session = (await sandbox.closedSessions(number)).at(-1)!;
  const said = await sandbox.client.readTranscriptText({ params: { id: session.id } });
  expect(session.messageIds, said).toHaveLength(1);
  expect(session.outcome).toBe('captured');
  const raw = Buffer.from(await sandbox.client.readRaw({ params: { id: session.messageIds[0]! } }));
  return { session, raw };
}

/** The bytes of both: a difference is shown at its first place, not in full. */
export function expectSameBytes(actual: Buffer, wanted: Buffer): void {
  let at = 0;
  while (at < actual.length && at < wanted.length && actual[at] === wanted[at]) at++;
  const near = (bytes: Buffer): string => bytes.toString('latin1', Math.max(0, at - 20), at + 20);
  expect(near(actual), `difference at byte ${at}`).toBe(near(wanted));
  expect(actual.length).toBe(wanted.length);
}

export function expectEnvelope({ session }: Captured, to: string[] = recipients): void {
  expect(session.transactions).toHaveLength(1);
  const [transaction] = session.transactions;
  expect(transaction).toMatchObject({ outcome: 'stored', recipientCount: to.length, reply: { code: 250 } });
  expect(transaction!.from.address).toBe(sender);
  expect(transaction!.recipients.map(({ address }) => address)).toEqual(to);
}

/** TLS as it has to be on the way that was taken. `sni`: the server name that this client sends. */
export function expectTls(session: Session, way: Way, sni: string | null = null): void {
  if (way === 'smtp') {
    expect(session).toMatchObject({ tls: null, handshakes: [], listener: 'smtp' });
    return;
  }
  expect(session).toMatchObject({ tls: 'TLSv1.3', listener: way });
  expect(session.handshakes).toMatchObject([
    {
      mode: way === 'submission' ? 'starttls' : 'implicit',
      ok: true,
      failure: null,
      version: 'TLSv1.3',
      cipher: expect.stringMatching(/^TLS_(AES|CHACHA20)_/),
      group: expect.stringMatching(/^(x25519|secp\d+r1|X25519MLKEM768)$/i),
      sni,
      clientHello: { ja4: expect.stringMatching(/^t13/) },
      alerts: [],
    },
  ]);
  const [handshake] = session.handshakes;
  expect(handshake!.certificates[0]!.names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1']));
  // EHLO is said anew inside TLS (RFC 3207 4.2).
  expect(session.ehlo.at(-1)?.secure).toBe(true);
}

export function expectLogin(session: Session, mechanism: string, user: string, length: number | null): void {
  expect(session).toMatchObject({ user, mechanism });
  expect(session.auth).toHaveLength(1);
  expect(session.auth[0]).toMatchObject({ mechanism, user, ok: true, code: 235, credential: null });
  if (length !== null) expect(session.auth[0]!.secret).toMatchObject({ length, charset: 'ascii' });
}

/** Nothing of what was sent and answered is missing from the record: all lines together are as long as the traffic. */
export async function expectWholeWire(sandbox: TestSandbox, { session, raw }: Captured): Promise<void> {
  const lines = await sandbox.lines(session.id);
  const client = bytesOfSide(lines, 'client');
  const stuffed = Buffer.from(raw.toString('latin1').replace(/^\./gm, '..'), 'latin1');
  expect(client.includes(Buffer.concat([stuffed, Buffer.from('.\r\n')]))).toBe(true);
  if (session.tls !== null) return;
  expect(client.length).toBe(session.bytesIn);
  expect(bytesOfSide(lines, 'server').length).toBe(session.bytesOut);
}

/** How a session ended: which side, and with what. */
export const endOf = ({ ended }: Session): string => `${ended?.how} by ${ended?.by}`;

const worseThanNotice = ({ findingList = [] }: Session): string[] =>
  findingList.filter(({ severity }) => severity !== 'notice' && severity !== 'info').map(({ rule }) => rule);

/** What a client is expected to have done. */
export interface Expected {
  way: Way;
  /** Which session of the sandbox it is, from 1; the first unless given. */
  number?: number;
  /** The bytes of the message. */
  sent: Buffer;
  /** The server name in its ClientHello. */
  sni?: string | null;
  /** As `endOf` has it. */
  end: string;
  /** The rules that find more than a notice; default: none, as it does all right. */
  finds?: string[];
  login?: {
    mechanism: string;
    user: string;
    secret: string;
    /** Null where only a proof of it is sent. */ length: number | null;
  };
}

/** Everything that must be right about a session that stored one message, and that no secret is told anywhere. */
export async function expectCaptured(sandbox: TestSandbox, expected: Expected): Promise<Captured> {
  const { way, number = 1, sent, sni = null, end, finds = [], login } = expected;
  const captured = await readCaptured(sandbox, number);
  const { session } = captured;
  expectSameBytes(captured.raw, sent);
  expectEnvelope(captured);
  expectTls(session, way, sni);
  await expectWholeWire(sandbox, captured);
  expect(endOf(session)).toBe(end);
  expect(worseThanNotice(session)).toEqual(finds);
  if (!login) expect(session.auth).toEqual([]);
  else {
    expectLogin(session, login.mechanism, login.user, login.length);
    expect(findForms(await readWholeApi(sandbox.client), login.secret)).toEqual([]);
  }
  return captured;
}

/** A client did not trust our certificate: nothing is stored, and the sentence says why. */
export async function expectDistrust(
  sandbox: TestSandbox,
  way: Way,
  text: RegExp,
  alert: string | null,
): Promise<void> {
  const session = await sandbox.closedSession();
  expect(session).toMatchObject({ outcome: 'tls-failed', messages: 0, listener: way });
  expect(session.handshakes).toHaveLength(1);
  expect(session.handshakes[0]!.failure).toMatchObject({ by: 'client', alert });
  expect(session.handshakes[0]!.failure!.text).toMatch(text);
  expect(session.findingList?.[0]?.rule).toMatch(/^tls\.(certificate-(name|rejected)|left-after-handshake)$/);
}

export interface TemporaryFile extends AsyncDisposable {
  path: string;
}

export async function temporaryFile(name: string, content: string | Buffer): Promise<TemporaryFile> {
  const folder = await mkdtemp(join(tmpdir(), 'mailscope-client-'));
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
