// Messages that wait to be parsed after their 250. While more mail pours in than can be parsed beside it, parsing gives
// way to those who wait for their reply; whoever looks at a message has it parsed at once.
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './log.ts';

/** Bytes that wait in memory; more are read from the store when their turn comes. */
const maxWaitingBytes = 32 * 1024 * 1024;
/** Mail pours in when two messages came within this time. */
const quietMs = 25;
/** Longer than this none waits while the main thread has time left, and some are parsed when it has none. */
const longestDelayMs = 5000;
/** Of its time; with more of it in use the main thread has none left. */
const busyShare = 0.5;
/** While so many wait all are parsed, whatever comes in. */
const mostWaiting = 50_000;
const maxSaving = 32;
/** Somebody waits for these; beside those that nobody asked for. */
const maxUrgent = 64;
/** Larger bodies are read and parsed one at a time, so that a burst of them is not in memory at once. */
const largeBody = 1024 * 1024;

interface Waiting {
  id: string;
  bytes: Buffer | null;
  sinceMs: number;
}

interface Work<D> {
  find(id: string): Promise<{ size: number; fresh: boolean; bytes(): Promise<Buffer> } | undefined>;
  /** What is `given` nobody else needs; what is `urgent` goes before what is not. */
  parse(bytes: Buffer, given: boolean, urgent: boolean): Promise<D>;
  save(id: string, derived: D): Promise<void>;
  log: Log;
}

export interface ParseQueue extends AsyncDisposable {
  add(id: string, bytes: Buffer | null): void;
  /** Of one that waits, where they are in memory. */
  bytesOf(id: string): Buffer | null;
  /** Resolves when the message is parsed and saved, in its turn. */
  parsed(id: string): Promise<void>;
  /** The same as soon as that can be, or after `ms`. */
  settled(id: string, ms: number): Promise<void>;
}

export function startParseQueue<D>(work: Work<D>): ParseQueue {
  const waiting = new Map<string, Waiting>();
  const urgent: string[] = [];
  const done = new Map<string, { promise: Promise<void>; resolve: () => void }>();
  const saving = new Set<Promise<void>>();
  let waitingBytes = 0;
  let largeOnes: Promise<void> = Promise.resolve();
  let lastArrival = -Infinity;
  let arrivalBefore = -Infinity;
  let share = 0;
  let measured = performance.eventLoopUtilization();
  let running: Promise<void> | undefined;
  let closed = false;
  /** Ends the giving way: somebody wants to see a message. */
  let wake = (): void => {};

  const shareInUse = (): number => {
    const now = performance.eventLoopUtilization();
    const { active, idle, utilization } = performance.eventLoopUtilization(now, measured);
    if (active + idle >= quietMs / 2) {
      measured = now;
      share = utilization;
    }
    return share;
  };

  const isBusy = (late: boolean): boolean => {
    const since = performance.now() - quietMs;
    if (waiting.size > mostWaiting || lastArrival < since) return false;
    return (!late && arrivalBefore >= since) || shareInUse() > busyShare;
  };

  const nextUrgent = (): Waiting | undefined => {
    for (let id = urgent.shift(); id !== undefined; id = urgent.shift()) {
      const wanted = waiting.get(id);
      if (wanted) return wanted;
    }
    return undefined;
  };

  const save = async (id: string, derived: D): Promise<void> => {
    if (!closed) await work.save(id, derived);
  };

  const deriveStored = async (id: string, isUrgent: boolean): Promise<void> => {
    const body = await work.find(id);
    if (!body) return;
    const run = async (): Promise<void> => {
      if (closed) return;
      // In no variable, which would keep the bytes as long as the parse takes.
      const derived = await body.bytes().then((bytes) => work.parse(bytes, body.fresh, isUrgent));
      await save(id, derived);
    };
    if (body.size <= largeBody) return run();
    const turn = largeOnes.then(run);
    largeOnes = turn.catch(() => undefined);
    return turn;
  };

  const parseOne = async (entry: Waiting, isUrgent: boolean): Promise<void> => {
    waiting.delete(entry.id);
    if (entry.bytes) waitingBytes -= entry.bytes.length;
    try {
      if (entry.bytes) await save(entry.id, await work.parse(entry.bytes, false, isUrgent));
      else await deriveStored(entry.id, isUrgent);
    } catch (error) {
      if (!closed) work.log.error(`Message ${entry.id} could not be parsed or its parse not saved`, error);
    }
    done.get(entry.id)?.resolve();
    done.delete(entry.id);
  };

  const untilWoken = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  const pause = async (): Promise<void> => Promise.race([delay(quietMs), untilWoken()]);

  /** The parser takes one message at a time; a few more may be under way to and from the store. */
  const take = (entry: Waiting, isUrgent: boolean): Promise<void> => {
    const task = parseOne(entry, isUrgent).finally(() => saving.delete(task));
    saving.add(task);
    return task;
  };

  const run = async (): Promise<void> => {
    while (!closed && waiting.size > 0) {
      // Those that are waited for do not wait for each other.
      for (let wanted; saving.size < maxSaving + maxUrgent && (wanted = nextUrgent());)
        void take(wanted, true);
      const first = waiting.values().next().value;
      if (first === undefined) break;
      if (saving.size >= maxSaving) {
        await Promise.race([...saving, untilWoken()]);
        continue;
      }
      const late = performance.now() - first.sinceMs > longestDelayMs;
      const givesWay = isBusy(late);
      if (givesWay && !late) {
        await pause();
        continue;
      }
      const task = take(first, false);
      if (givesWay) await pause();
      else await Promise.race([task, delay(1), untilWoken()]);
    }
  };
  const start = (): void => {
    running ??= run().finally(() => {
      running = undefined;
      if (!closed && waiting.size > 0) start();
    });
  };

  return {
    add(id, bytes) {
      if (done.has(id)) return;
      const kept = bytes && waitingBytes + bytes.length <= maxWaitingBytes ? bytes : null;
      waitingBytes += kept?.length ?? 0;
      arrivalBefore = lastArrival;
      lastArrival = performance.now();
      let resolve = (): void => {};
      const promise = new Promise<void>((settle) => (resolve = settle));
      done.set(id, { promise, resolve });
      waiting.set(id, { id, bytes: kept, sinceMs: performance.now() });
      start();
    },
    bytesOf: (id) => waiting.get(id)?.bytes ?? null,
    parsed: async (id) => done.get(id)?.promise,
    async settled(id, ms) {
      const pending = done.get(id);
      if (!pending) return;
      if (waiting.has(id)) {
        urgent.push(id);
        wake();
      }
      const patience = new AbortController();
      const { signal } = patience;
      const late = delay(ms, undefined, { ref: false, signal }).catch(() => undefined);
      await Promise.race([pending.promise, late]);
      // Else thousands of timers would outlive what they wait for.
      patience.abort();
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      waiting.clear();
      for (const { resolve } of done.values()) resolve();
      await running;
      await Promise.all(saving);
    },
  };
}
