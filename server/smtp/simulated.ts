// Simulated failures: finds the one that a moment of the session meets, records it and carries it out.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FaultStage } from '../../shared/fault-stages.ts';
import { acceptedOf, type EsmtpParameter, type Reply } from '../../shared/transaction.ts';
import { clientLeft } from './client-left.ts';
import type { Connection } from './connection.ts';
import type { FaultFacts, SimulatedFault } from '../../shared/fault-moment.ts';
import { findParameter } from '../../shared/smtp-text.ts';
import { KeptStart } from './kept-start.ts';
import { formatReplyLines } from './replies.ts';

export const longestHangMs = 600_000;

export const nameOfFault = ({ name }: SimulatedFault): string =>
  name === null ? 'a simulated failure' : `the simulated failure "${name}"`;

const begin = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

export const sizeOf = (params: EsmtpParameter[] | undefined): number | null => {
  const value = findParameter(params ?? [], 'SIZE')?.value ?? '';
  return /^\d{1,15}$/.test(value) ? Number(value) : null;
};

/** The failure that this moment meets. `known`: what the session does not know yet. */
export function decideFault(
  connection: Connection,
  stage: FaultStage,
  known: Partial<FaultFacts> = {},
): SimulatedFault | undefined {
  const { faults, listener } = connection.options;
  if (!faults.awaits(stage)) return undefined;
  const { recorder, transactions } = connection;
  const { current } = transactions;
  const fault = faults.decide(stage, {
    sessionId: connection.id,
    transaction: current?.n ?? null,
    ip: recorder.session.peer.address,
    listener: listener.name,
    client: recorder.session.clientName,
    user: connection.user,
    from: current?.from.address ?? null,
    to: known.to ?? (current ? acceptedOf(current).map(({ address }) => address) : []),
    size: sizeOf(current?.from.params),
    ...known,
  });
  return fault ?? undefined;
}

export const recordFault = ({ recorder }: Connection, { id, name, stage, text }: SimulatedFault): void =>
  recorder.fault({ id, name, stage, text });

/** As `decideFault`; it is in the record then, but for what waits for `afterBytes`: see `cutOff`. */
export function findFault(...moment: Parameters<typeof decideFault>): SimulatedFault | undefined {
  const fault = decideFault(...moment);
  // It may never be due.
  if (fault && !fault.afterBytes) recordFault(moment[0], fault);
  return fault;
}

/**
 * Its delay, and its reply where it has one. What was said in the place of the usual, for which the caller must not
 * go on; undefined where the usual follows.
 */
export async function answerFault(
  connection: Connection,
  fault: SimulatedFault,
): Promise<{ reply: Reply | null } | undefined> {
  await pause(connection, fault);
  if (connection.over) return { reply: null };
  const { reply } = fault;
  if (reply) await connection.write(formatReplyLines(reply));
  return isUsual(fault) ? undefined : { reply };
}

/** Behind its delay all goes on as usual. */
export const isUsual = ({ reply, then }: SimulatedFault): boolean => !reply && then === 'continue';

/** Its delay; over at once when the client leaves, or when we shut down. */
export async function pause(connection: Connection, fault: SimulatedFault): Promise<void> {
  const { delayMs } = fault;
  if (delayMs === 0 || connection.over || connection.draining) return;
  const { reader, recorder } = connection;
  const startedUs = recorder.now();
  connection.waiting = 'pause';
  await waitFor(delayMs, reader.gone());
  connection.waiting = 'none';
  connection.lastWriteUs = recorder.now();
  if (reader.ended && !connection.over)
    connection.leftInPause = `, ${seconds((recorder.now() - startedUs) / 1000)} into the ${seconds(delayMs)} for which ${nameOfFault(fault)} had it wait`;
}

/** Resolves after a time, or when the other does. */
export function waitFor(ms: number, other: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void other.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Who ended the connection, and how. `left`: the client did, so long after nothing was answered any more. */
export function describeEnding(
  fault: SimulatedFault,
  left: { afterUs: number; reset: boolean } | null,
  where = '',
): { by: 'client' | 'server'; text: string } {
  const say = (did: string): string => begin(`${nameOfFault(fault)} ${did}.`);
  if (fault.then !== 'hang')
    return {
      by: 'server',
      text: say(`${fault.then === 'reset' ? 'reset' : 'closed'} the connection${where}`),
    };
  if (!left)
    return {
      by: 'server',
      text: say(`answered nothing for ${seconds(longestHangMs)} and closed the connection`),
    };
  const how = `the client ${left.reset ? 'reset' : 'closed'} the connection after ${seconds(left.afterUs / 1000)}`;
  return { by: 'client', text: say(`answered nothing any more${where}, and ${how}`) };
}

/** How the session ends by it, if it does. */
export async function endByFault(connection: Connection, fault: SimulatedFault): Promise<void> {
  const { recorder, reader, front, socket } = connection;
  if (connection.over || fault.then === 'continue') return;
  // The client is told so next.
  if (connection.draining && fault.then === 'hang') return;
  // It was gone before its turn came.
  if (connection.leftInPause !== '') return clientLeft(connection);
  const startedUs = recorder.now();
  if (fault.then === 'hang') await hang(connection, fault);
  const left = { afterUs: recorder.now() - startedUs, reset: reader.error !== undefined };
  const { by, text } = describeEnding(fault, reader.ended ? left : null);
  connection.end(by, 'fault', text);
  if (fault.then !== 'reset') return;
  // TLS hands the reply on in a later turn; a client that does not read is not waited for.
  for (let turn = 0; turn < 10 && front.writableLength > 0; turn++) await nextTurn();
  socket.resetAndDestroy();
}

/** So many bytes of the message have come that it is to end the connection. */
export const isDue = ({ afterBytes }: SimulatedFault, bytes: number): boolean =>
  bytes >= (afterBytes ?? Infinity);

/** It is due: from now on it is in the record, and has its delay and its end. */
export async function cutOff(connection: Connection, fault: SimulatedFault): Promise<void> {
  if (connection.over) return;
  connection.options.faults.due(fault);
  recordFault(connection, fault);
  await pause(connection, fault);
  await endByFault(connection, fault);
}

export function noteNotDue({ recorder, options }: Connection, fault: SimulatedFault, bytes: number): void {
  options.faults.giveBack(fault);
  recorder.event(`The message ended with ${bytes} bytes, before ${nameOfFault(fault)} was due.`);
}

/** Nothing is answered until the client has left, or for as long as that may take. */
async function hang(connection: Connection, fault: SimulatedFault): Promise<void> {
  const longest = setTimeout(() => {
    const { by, text } = describeEnding(fault, null);
    connection.end(by, 'fault', text);
  }, longestHangMs);
  connection.waiting = 'pause';
  await recordUnanswered(connection);
  connection.waiting = 'none';
  clearTimeout(longest);
}

/** Reads on until the client has left or the session is over. */
async function recordUnanswered(connection: Connection): Promise<void> {
  const { reader } = connection;
  const kept = new KeptStart();
  while (!connection.over) {
    const some = reader.trySome(64 * 1024);
    if (some) kept.take(some.bytes);
    else if (!(await reader.more()) && reader.buffered === 0) break;
  }
  kept.record(connection, 'sent while nothing was answered, not carried out');
}
