// Who let the other side wait, and for how long.
import type { Side, TranscriptLine } from '../../../shared/transcript.ts';

export interface Wait {
  /** Whose turn it was. */
  by: Side;
  /** The time in which a message came is no thinking. */
  isMessage: boolean;
  fromUs: number;
  us: number;
  /** The line that ended it. */
  line: number;
}

/** The client began it and did not end it. */
const isUnfinished = ({ kind, eol, text }: TranscriptLine): boolean =>
  kind === 'data' ? / cut off\b/.test(text) : eol === '' && (kind === 'command' || kind === 'auth');

/** The side whose turn it is after a line: who sent a whole reply waits, and so does who sent a whole command. */
export function turnAfter(line: TranscriptLine | undefined): Side {
  if (line?.from === 'server') return line.more ? 'server' : 'client';
  return line !== undefined && isUnfinished(line) ? 'client' : 'server';
}

/** Every moment in which the session stood still or a message came, in order. Pipelined lines waited for nobody. */
export function readWaits(lines: readonly TranscriptLine[]): Wait[] {
  const waits: Wait[] = [];
  let latestUs = 0;
  let spoke: TranscriptLine | undefined;
  for (const line of lines) {
    const us = line.atUs - latestUs;
    if (us > 0) {
      const by = line.from ?? turnAfter(spoke);
      waits.push({ by, isMessage: line.kind === 'data', fromUs: latestUs, us, line: line.n });
      latestUs = line.atUs;
    }
    if (line.from !== null) spoke = line;
  }
  return waits;
}

export interface WaitTotals {
  client: number;
  server: number;
  message: number;
}

export function sumWaits(waits: readonly Wait[]): WaitTotals {
  const totals = { client: 0, server: 0, message: 0 };
  for (const { by, isMessage, us } of waits) totals[isMessage ? 'message' : by] += us;
  return totals;
}

export function slowestWaits(waits: readonly Wait[], count: number, leastUs = 1000): Wait[] {
  return waits
    .filter(({ us }) => us >= leastUs)
    .sort((a, b) => b.us - a.us)
    .slice(0, count);
}

export interface StripPart {
  who: keyof WaitTotals;
  /** From 0 to 1. */
  start: number;
  width: number;
  us: number;
  /** The line that ended the longest wait in it. */
  line: number;
}

/** The waits as a strip of time. It has a bounded number of parts: in each step of time the longest wait counts. */
export function stripOf(waits: readonly Wait[], endUs: number, steps = 160): StripPart[] {
  if (endUs <= 0) return [];
  const step = endUs / steps;
  const parts: StripPart[] = [];
  let index = 0;
  for (let n = 0; n < steps; n += 1) {
    const [from, to] = [n * step, (n + 1) * step];
    while (index < waits.length - 1 && waits[index]!.fromUs + waits[index]!.us <= from) index += 1;
    let longest = waits[index];
    let most = 0;
    for (let next = index; next < waits.length && waits[next]!.fromUs < to; next += 1) {
      const { fromUs, us } = waits[next]!;
      const inside = Math.min(to, fromUs + us) - Math.max(from, fromUs);
      if (inside > most) [most, longest] = [inside, waits[next]];
    }
    if (!longest || most <= 0) continue;
    const who = longest.isMessage ? 'message' : longest.by;
    const before = parts.at(-1);
    if (before?.line === longest.line) before.width = (n + 1) / steps - before.start;
    else parts.push({ who, start: n / steps, width: 1 / steps, us: longest.us, line: longest.line });
  }
  return parts;
}
