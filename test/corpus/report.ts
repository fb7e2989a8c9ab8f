// What `npm run corpus` prints: every disagreement, then counts.
import { comparedFields } from './compare.ts';
import type { Measured } from './measure.ts';
import { reasons, type Reason } from './reasons.ts';

export interface Totals {
  messages: number;
  bytes: number;
  faults: number;
  /** Messages in which something differs, explained or not. */
  differing: number;
  /** Messages in which something differs that has no explanation. */
  unexplained: number;
  byReason: Map<Reason, Map<string, number>>;
}

export const createTotals = (): Totals => ({
  messages: 0,
  bytes: 0,
  faults: 0,
  differing: 0,
  unexplained: 0,
  byReason: new Map(),
});

export function add(totals: Totals, { size, fault, disagreements }: Measured): void {
  totals.messages++;
  totals.bytes += size;
  if (fault !== null) totals.faults++;
  if (disagreements.length > 0) totals.differing++;
  if (disagreements.some(({ reason }) => reason === 'unexplained')) totals.unexplained++;
  for (const { reason, field } of disagreements) {
    const fields = totals.byReason.get(reason) ?? new Map<string, number>();
    totals.byReason.set(reason, fields.set(field, (fields.get(field) ?? 0) + 1));
  }
}

const shown = (text: string | undefined): string => JSON.stringify((text ?? '(not read)').slice(0, 300));

export function describe({ name, fault, disagreements }: Measured): string[] {
  const lines = fault === null ? [] : [`FAULT ${name}: ${fault}`];
  for (const { field, reason, ours, theirs, third } of disagreements) {
    lines.push(
      `${field} (${reason}) ${name}`,
      `    Mailscope  ${shown(ours)}`,
      `    Python     ${shown(theirs)}`,
    );
    if (reason !== 'mailparser-agrees' && field !== 'parts') lines.push(`    mailparser ${shown(third)}`);
  }
  return lines;
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`;

export function summarize(totals: Totals): string[] {
  const { messages, bytes, faults, differing, unexplained, byReason } = totals;
  const lines = [
    `${messages} messages, ${(bytes / 1024 / 1024).toFixed(1)} MiB`,
    `  stored byte by byte and parsed       ${messages - faults} (${percent(messages - faults, messages)})`,
    `  read alike in all fields             ${messages - differing} (${percent(messages - differing, messages)})`,
    `  read alike, or explained             ${messages - unexplained} (${percent(messages - unexplained, messages)})`,
  ];
  if (byReason.size === 0) return lines;
  lines.push('', `  ${'reason'.padEnd(24)}${comparedFields.map((field) => field.padStart(12)).join('')}`);
  for (const [reason, fields] of [...byReason].sort())
    lines.push(
      `  ${reason.padEnd(24)}${comparedFields.map((field) => String(fields.get(field) ?? '').padStart(12)).join('')}`,
    );
  lines.push('', ...[...byReason.keys()].sort().map((reason) => `  ${reason}: ${reasons[reason]}`));
  return lines;
}
