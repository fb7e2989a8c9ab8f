// Parses messages in a worker thread, so that no mail can hold up the server or take it down: a message that hangs the
// thread or exhausts its memory costs that thread and is reported as such. It is never tried again.
import { Worker } from 'node:worker_threads';
import { type Derived, failedDerived } from './derived.ts';
import { scanHeader } from './scan-header.ts';

/** The thread loads mailparser first, which takes long on a busy machine; that is not the message's fault. */
const startBudgetMs = 30_000;
const maxHeapMb = 256;
/** From here on a message counts as large: its memory comes from the system and is to go back there. */
const largeMessage = 1024 * 1024;
/** After so many bytes of large messages the thread is replaced: it would keep several times as much as it needs. */
const mostLargeBytes = 32 * 1024 * 1024;
/** All that the header scan of a message that cannot be parsed looks at. */
const headSize = 256 * 1024;

export interface Parser {
  /**
   * Always resolves. `raw` is copied and stays the caller's, unless it is `given`: then it must have memory of its own
   * and is empty afterwards. One message is parsed at a time, in order.
   */
  parse(raw: Buffer, given?: boolean): Promise<Derived>;
  /** How many have been asked for and not answered. */
  readonly pending: number;
  /** Ends at once; what is pending resolves as not parsed with version 0, so that it is taken up at the next start. */
  [Symbol.asyncDispose](): Promise<void>;
}

interface Task {
  raw: Buffer;
  given: boolean;
  resolve(derived: Derived): void;
}

export interface ParserOptions {
  /** The built worker, dist/server/mail-worker.js. */
  workerFile: string | URL;
  /** For one message; 5 s unless given. */
  budgetMs?: number;
}

export function startParser({ workerFile, budgetMs = 5000 }: ParserOptions): Parser {
  const waiting: Task[] = [];
  let current: Task | undefined;
  let worker: Worker | undefined;
  let isReady = false;
  let isStopped = false;
  /** Of large messages, by this thread. */
  let largeBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const ending = new Set<Promise<unknown>>();

  const fail = (task: Task, problem: string, version?: number): void =>
    task.resolve(failedDerived(scanHeader(task.raw), problem, version));

  /** Gives the thread up; the next message gets a new one. */
  function retire(): void {
    const old = worker;
    worker = undefined;
    isReady = false;
    largeBytes = 0;
    if (!old) return;
    const ended = old.terminate().finally(() => ending.delete(ended));
    ending.add(ended);
  }

  /** Gives the thread up and goes on with the next message in a new one. */
  function replace(failed: Worker | undefined, problem: string): void {
    if (failed !== worker) return;
    clearTimeout(timer);
    retire();
    const task = current;
    current = undefined;
    if (task) fail(task, problem);
    takeNext();
  }

  function start(): Worker {
    const started = new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } });
    started.on('message', (answer: 'ready' | Derived) => {
      if (started !== worker) return;
      if (answer === 'ready') {
        isReady = true;
        if (current) send(started, current);
        return;
      }
      const task = current;
      current = undefined;
      clearTimeout(timer);
      if (largeBytes >= mostLargeBytes) retire();
      task?.resolve(answer);
      takeNext();
    });
    started.on('error', (error: NodeJS.ErrnoException) => {
      const ranOut = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      replace(
        started,
        ranOut ? 'Parsing ran out of memory.' : `Parsing failed: ${error.message.slice(0, 500)}`,
      );
    });
    started.on('exit', (code) => replace(started, `Parsing ended unexpectedly (exit code ${code}).`));
    return started;
  }

  function send(to: Worker, task: Task): void {
    clearTimeout(timer);
    timer = setTimeout(
      () => replace(to, `Parsing took longer than ${budgetMs / 1000} s and was stopped.`),
      budgetMs,
    );
    const { raw } = task;
    if (raw.length >= largeMessage) largeBytes += raw.length;
    // A copy of its own is handed over: small Buffers share their memory with others.
    const bytes = task.given ? raw : new Uint8Array(raw);
    // Kept for the case that it fails.
    if (raw.length > headSize) task.raw = Buffer.from(raw.subarray(0, headSize));
    else if (task.given) task.raw = Buffer.from(raw);
    to.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
  }

  function takeNext(): void {
    if (current || isStopped) return;
    current = waiting.shift();
    if (!current) {
      // An idle thread does not keep the process alive.
      worker?.unref();
      return;
    }
    try {
      const active = (worker ??= start());
      active.ref();
      if (isReady) send(active, current);
      else timer = setTimeout(() => replace(active, 'The parser did not start in time.'), startBudgetMs);
    } catch (error) {
      const task = current;
      current = undefined;
      fail(task, `The parser could not start: ${error instanceof Error ? error.message : String(error)}`);
      takeNext();
    }
  }

  const stopped = 'The server was stopped before this message was parsed.';
  return {
    parse: (raw, given = false) =>
      new Promise((resolve) => {
        const task: Task = { raw, given, resolve };
        if (isStopped) return fail(task, stopped, 0);
        waiting.push(task);
        takeNext();
      }),
    get pending() {
      return waiting.length + (current ? 1 : 0);
    },
    async [Symbol.asyncDispose]() {
      isStopped = true;
      clearTimeout(timer);
      const left = current ? [current, ...waiting.splice(0)] : [];
      current = undefined;
      for (const task of left) fail(task, stopped, 0);
      const last = worker;
      worker = undefined;
      await Promise.all([last?.terminate(), ...ending]);
    },
  };
}
