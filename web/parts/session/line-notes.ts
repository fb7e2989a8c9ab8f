// What the facts of a session say of single lines, so that the transcript shows it beside them.
import type { BdatChunk } from '../../../shared/bdat-chunks.ts';
import type { AppliedFault } from '../../../shared/fault.ts';
import type { Anomaly, SecretFacts, Session } from '../../../shared/session.ts';
import type { DataFacts } from '../../../shared/transaction.ts';
import { formatBytes, formatDuration, plural } from '../../format.ts';

export interface LineNote {
  anomalies: Anomaly[];
  /** Simulated, at this line. */
  faults: AppliedFault[];
  /** Of a step of AUTH: what it is, and its decoded fields. */
  step: { what: string; decoded: [name: string, value: string][]; problem: string | null } | null;
  /** Of the secret that the line carried, where it is masked. */
  secret: SecretFacts | null;
  /** Index of the attempt and of the handshake that the line belongs to. */
  auth: number | null;
  handshake: number | null;
}

const empty = (): LineNote => ({
  anomalies: [],
  faults: [],
  step: null,
  secret: null,
  auth: null,
  handshake: null,
});

export function readNotes(session: Session): ReadonlyMap<number, LineNote> {
  const notes = new Map<number, LineNote>();
  const note = (line: number): LineNote => {
    const known = notes.get(line) ?? empty();
    notes.set(line, known);
    return known;
  };
  for (const anomaly of session.anomalyList)
    if (anomaly.line !== null) note(anomaly.line).anomalies.push(anomaly);
  for (const fault of session.faultList ?? []) note(fault.line).faults.push(fault);
  session.auth.forEach((attempt, index) => {
    note(attempt.line).auth = index;
    for (const { line, from, what, decoded, problem } of attempt.steps) {
      const known = note(line);
      known.auth = index;
      known.step = { what, decoded: Object.entries(decoded), problem };
      if (from === 'client') known.secret = attempt.secret;
    }
  });
  session.handshakes.forEach(({ line }, index) => (note(line).handshake = index));
  return notes;
}

/** How the message of a transaction looked on the wire. */
export function dataFactsOf(session: Session, transaction: number | undefined): DataFacts | null {
  return session.transactions.find(({ n }) => n === transaction)?.data ?? null;
}

/** Bytes in a second. */
export function rateOf(bytes: number, us: number): number | null {
  return us > 0 ? (bytes * 1_000_000) / us : null;
}

/** What came in one piece with the command before it took no time. */
export function summarizeData(
  bytes: number,
  us: number,
  reads: number | undefined,
  chunk: BdatChunk | null = null,
): string {
  const time = us > 0 ? ` in ${formatDuration(us)}` : '';
  const all = chunk?.isLast && chunk.n > 1 ? `; the message has ${formatBytes(chunk.total)}` : '';
  return `${nameOfData(chunk)}, ${formatBytes(bytes)}${time}${reads ? `, ${plural(reads, 'read')}` : ''}${all}`;
}

/** Of the bytes that a line stands for. */
export function nameOfData(chunk: BdatChunk | null | undefined): string {
  if (!chunk) return 'Message';
  return `Chunk ${chunk.n}${chunk.count ? ` of ${chunk.count}` : ''}${chunk.isLast ? ' (LAST)' : ''}`;
}
