// Parses messages in a worker thread, so that no mail can hold up the server or take it down: a message that hangs the
// thread or exhausts its memory costs that thread and is reported as such. It is never tried again.
import { Worker } from 'node:worker_threads';
import { type Derived, failedDerived } from './derived.ts';
import { writeNote } from './parse-note.ts';
import { scanHeader } from './scan-header.ts';
import type { MailForThread } from './worker.ts';

/** The thread loads mailparser first, which takes long on a busy machine; that is not the message's fault. */
const startBudgetMs = 30_000;
const maxHeapMb = 256;
/** What is soon garbage; left to itself the thread keeps 48 MB for it. */
const maxYoungMb = 24;
/** From here on a message counts as large: its memory comes from the system and is to go back there. */
const largeMessage = 1024 * 1024;
/** After so many bytes of large messages the thread is replaced: it would keep several times as much as it needs. */
const mostLargeBytes = 32 * 1024 * 1024;
/** So many small messages are with the thread at once: it need not wait for a busy main thread after each of them. */
const mostSent = 8;
const smallMessage = 64 * 1024;
/** All that the header scan of a message that cannot be parsed looks at. */
const headSize = 256 * 1024;

export interface Parser {
  /**
   * Always resolves. `raw` is copied and stays the caller's, unless it is `given`: if it has memory of its own then, it
   * is handed over and empty afterwards. One message is parsed at a time, in order; an `urgent` one goes before those
   * that are not. The note says its `id`.
   */
  parse(raw: Buffer, options?: { id?: string; given?: boolean; urgent?: boolean }): Promise<Derived>;
  /** How many have been asked for and not answered. */
  readonly pending: number;
  /** Ends at once; what is pending resolves as not parsed with version 0, so that it is taken up at the next start. */
  [Symbol.asyncDispose](): Promise<void>;
}

interface Task {
  id: string;
  raw: Buffer;
  given: boolean;
  urgent: boolean;
  resolve(derived: Derived): void;
}

export interface ParserOptions {
  /** The built worker, dist/server/mail-worker.js. */
  workerFile: string | URL;
  /** For one message; 5 s unless given. */
  budgetMs?: number;
  /** An open file for the note of what is being parsed. */
  noteFile?: number | null;
}

export function startParser({ workerFile, budgetMs = 5000, noteFile = null }: ParserOptions): Parser {
  const waiting: Task[] = [];
  /** With the thread: it parses the first one, and has the others in its line. */
  const sent: Task[] = [];
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

  /** Gives the thread up and goes on with the next message in a new one; the one before is at fault. */
  function replace(failed: Worker | undefined, problem: string): void {
    if (failed !== worker) return;
    clearTimeout(timer);
    const task = isReady ? sent.shift() : waiting.shift();
    waiting.unshift(...sent.splice(0));
    retire();
    if (task) fail(task, problem);
    takeNext();
  }

  function start(): Worker {
    const started = new Worker(workerFile, {
      workerData: noteFile,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: maxYoungMb },
    });
    let problem: string | undefined;
    timer = setTimeout(() => replace(started, 'The parser did not start in time.'), startBudgetMs);
    started.on('message', (answer: 'ready' | Derived) => {
      if (started !== worker) return;
      clearTimeout(timer);
      if (answer === 'ready') isReady = true;
      else {
        const task = sent.shift();
        if (sent.length > 0) watch(started);
        else if (largeBytes >= mostLargeBytes) retire();
        task?.resolve(answer);
      }
      takeNext();
    });
    started.on('error', (error: NodeJS.ErrnoException) => {
      const ranOut = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      problem = ranOut ? 'Parsing ran out of memory.' : `Parsing failed: ${error.message.slice(0, 500)}`;
    });
    // Comes last of all, also behind answers that an error overtakes.
    started.on('exit', (code) =>
      replace(started, problem ?? `Parsing ended unexpectedly (exit code ${code}).`),
    );
    return started;
  }

  /** The first of those that it has. */
  function watch(by: Worker): void {
    const problem = `Parsing took longer than ${budgetMs / 1000} s and was stopped.`;
    timer = setTimeout(() => replace(by, problem), budgetMs);
  }

  function send(to: Worker, task: Task): void {
    const { raw } = task;
    if (raw.length >= largeMessage) largeBytes += raw.length;
    // Small Buffers share their memory with others, and newer Node refuses to hand that over.
    const isHandedOver = task.given && raw.byteLength === raw.buffer.byteLength;
    const bytes = isHandedOver ? raw : new Uint8Array(raw);
    // Kept for the case that it fails, or goes to another thread because one before it did.
    if (raw.length > headSize) task.raw = Buffer.from(raw.subarray(0, headSize));
    else if (isHandedOver) task.raw = Buffer.from(raw);
    task.given = false;
    to.postMessage({ id: task.id, bytes } satisfies MailForThread, [bytes.buffer as ArrayBuffer]);
    sent.push(task);
    if (sent.length === 1) watch(to);
  }

  /** A large one has the thread for itself. */
  function canTake({ raw }: Task): boolean {
    const [first] = sent;
    if (first === undefined) return true;
    return sent.length < mostSent && Math.max(first.raw.length, raw.length) <= smallMessage;
  }

  function takeNext(): void {
    if (isStopped) return;
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      try {
        const active = (worker ??= start());
        active.ref();
        if (!isReady || !canTake(next)) return;
        waiting.shift();
        send(active, next);
      } catch (error) {
        waiting.splice(0, waiting[0] === next ? 1 : 0);
        fail(next, `The parser could not start: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    // An idle thread does not keep the process alive.
    if (sent.length === 0) worker?.unref();
  }

  const stopped = 'The server was stopped before this message was parsed.';
  return {
    parse: (raw, { id = '', given = false, urgent = false } = {}) =>
      new Promise((resolve) => {
        const task: Task = { id, raw, given, urgent, resolve };
        if (isStopped) return fail(task, stopped, 0);
        const place = urgent ? waiting.findIndex((other) => !other.urgent) : -1;
        waiting.splice(place < 0 ? waiting.length : place, 0, task);
        takeNext();
      }),
    get pending() {
      return waiting.length + sent.length;
    },
    async [Symbol.asyncDispose]() {
      isStopped = true;
      clearTimeout(timer);
      for (const task of [...sent.splice(0), ...waiting.splice(0)]) fail(task, stopped, 0);
      const last = worker;
      worker = undefined;
      await Promise.all([last?.terminate(), ...ending]);
      writeNote(noteFile, null);
    },
  };
}
