// Messages that wait to be parsed after their 250. While more mail pours in than can be parsed beside it, parsing gives
// way to those who wait for their reply; whoever looks at a message has it parsed at once.
import { setTimeout as delay } from 'node:timers/promises';
import { quietMs, type Background } from './background.ts';
import type { Log } from './log.ts';

/** Bytes that wait in memory; more are read from the store when their turn comes. */
const maxWaitingBytes = 32 * 1024 * 1024;
/** For so long all wait while mail pours in; then they are parsed in turn with it. */
const longestDelayMs = 5000;
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
  parse(bytes: Buffer, mail: { id: string; given: boolean; urgent: boolean }): Promise<D>;
  save(id: string, derived: D): Promise<void>;
  background: Background;
  log: Log;
}

export interface ParseQueue extends AsyncDisposable {
  /** After the end of the queue it is left alone. */
  add(id: string, bytes: Buffer | null): void;
  /** Those of them that wait are gone. */
  drop(ids: readonly string[]): void;
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
  let running: Promise<void> | undefined;
  let closed = false;
  /** Ends the giving way: somebody wants to see a message. */
  let wake = (): void => {};

  /** Two came within this time: more will. */
  const isPouring = (): boolean => arrivalBefore >= performance.now() - quietMs;

  /** Until when what nobody waits for has to. */
  const givesWay = ({ sinceMs }: Waiting): Promise<unknown> | null => {
    if (waiting.size > mostWaiting) return null;
    const isLate = performance.now() - sinceMs > longestDelayMs;
    return !isLate && isPouring() ? delay(quietMs) : work.background.turn();
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
      const derived = await body
        .bytes()
        .then((bytes) => work.parse(bytes, { id, given: body.fresh, urgent: isUrgent }));
      await save(id, derived);
    };
    if (body.size <= largeBody) return run();
    const turn = largeOnes.then(run);
    largeOnes = turn.catch(() => undefined);
    return turn;
  };

  const leave = ({ id, bytes }: Waiting): void => {
    waiting.delete(id);
    waitingBytes -= bytes?.length ?? 0;
  };

  const finish = (id: string): void => {
    done.get(id)?.resolve();
    done.delete(id);
  };

  const parseOne = async (entry: Waiting, isUrgent: boolean): Promise<void> => {
    const { id, bytes } = entry;
    leave(entry);
    try {
      if (bytes) await save(id, await work.parse(bytes, { id, given: false, urgent: isUrgent }));
      else await deriveStored(id, isUrgent);
    } catch (error) {
      if (!closed) work.log.error(`Message ${id} could not be parsed or its parse not saved`, error);
    }
    finish(id);
  };

  const untilWoken = (): Promise<void> => new Promise((resolve) => (wake = resolve));

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
      const way = givesWay(first);
      if (way) await Promise.race([way, untilWoken()]);
      else if (work.background.isPouring()) await Promise.race([take(first, false), delay(1), untilWoken()]);
      else void take(first, false);
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
      if (closed || done.has(id)) return;
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
    drop(ids) {
      for (const id of ids) {
        const entry = waiting.get(id);
        if (entry === undefined) continue;
        leave(entry);
        finish(id);
      }
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
