// A storage thread as seen from the main thread: calls go out as messages, answers come back by number.
import { Worker } from 'node:worker_threads';
import { MailscopeError } from '../../../shared/errors.ts';
import { nowUs } from '../../clock.ts';
import { distPath } from '../../paths.ts';
import { Refusal } from '../../refusal.ts';
import type { StoredEvent } from '../event-log.ts';
import type { Timed } from '../pace.ts';
import type { Damage } from '../sqlite/damage.ts';
import { createBatches } from './batches.ts';
import type { Answer, FromWorker, Opened, WorkerOptions } from './protocol.ts';

export interface WorkerClient {
  opened: Opened;
  call(name: string, input: unknown, transfer?: ArrayBuffer[]): Promise<unknown>;
  /** The same, with the time that the writer took for it. */
  timed(name: string, input: unknown): Promise<Timed<unknown>>;
  /** How many calls are not answered yet; no end of them once the thread has ended. */
  waiting(): number;
  close(): Promise<void>;
}

interface Waiting {
  resolve(value: unknown, tookUs: number): void;
  reject(error: Error): void;
}

export async function startWorker(
  options: WorkerOptions,
  onEvents: (events: StoredEvent[]) => void,
  onDamage: (damage: Damage) => void,
  onLongLog: () => void = () => undefined,
): Promise<WorkerClient> {
  const worker = new Worker(distPath('server/store-worker.js'), {
    workerData: options,
    execArgv: [],
    // Left to itself each thread keeps 48 MB for what is soon garbage.
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
  });
  const waiting = new Map<number, Waiting>();
  /** For the writer, while it commits: no timer, what gathers meanwhile is its next commit. */
  const batches = createBatches();
  let isCommitting = false;
  let lastId = 0;
  let gone: MailscopeError | null = null;

  function settle(answer: Answer, tookUs: number): void {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('failure' in answer) {
      const { code, message, hint } = answer.failure;
      call?.reject(new MailscopeError(code, message, { hint }));
    } else call?.resolve('json' in answer ? JSON.parse(answer.json) : answer.value, tookUs);
  }

  function end(error: MailscopeError): void {
    gone ??= error;
    for (const call of waiting.values()) call.reject(gone);
    waiting.clear();
  }

  const opened = await new Promise<Opened>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'opened') resolve(message.opened);
      else if (message.kind === 'refused') reject(new Refusal(message.message));
      else if (message.kind === 'checkpoint') onLongLog();
      else if (message.kind === 'damage') onDamage(message.damage);
      else {
        for (const answer of message.answers) settle(answer, message.tookUs ?? 0);
        post();
        if (message.events.length > 0) onEvents(message.events);
      }
    });
    worker.on('error', (cause) => {
      reject(cause);
      end(
        new MailscopeError('internal', `The ${options.role} of the storage failed (${cause.message}).`, {
          hint: 'Restart Mailscope; what was acknowledged is stored.',
          cause,
        }),
      );
    });
    worker.on('exit', () => {
      reject(new Error('the storage thread ended while it started'));
      end(new MailscopeError('unavailable', 'The storage is closed.'));
    });
  });

  function ask(name: string, input: unknown, transfer: ArrayBuffer[], settled: Waiting): void {
    if (gone !== null) {
      settled.reject(gone);
      return;
    }
    lastId += 1;
    waiting.set(lastId, settled);
    batches.add({ request: { id: lastId, name, input, atUs: nowUs() }, transfer });
    if (isCommitting) return;
    if (options.role === 'reader') post();
    else {
      isCommitting = true;
      setImmediate(post);
    }
  }

  const call = (name: string, input: unknown, transfer: ArrayBuffer[] = []): Promise<unknown> =>
    new Promise((resolve, reject) => ask(name, input, transfer, { resolve, reject }));

  function post(): void {
    const batch = batches.next();
    isCommitting = options.role === 'writer' && batch.length > 0;
    if (batch.length === 0) return;
    worker.postMessage(
      batch.map(({ request }) => request),
      batch.flatMap(({ transfer }) => transfer),
    );
  }

  return {
    opened,
    call,
    timed: (name, input) =>
      new Promise((resolve, reject) => {
        ask(name, input, [], { resolve: (value, tookUs) => resolve({ value, tookUs }), reject });
      }),
    waiting: () => (gone === null ? waiting.size : Infinity),
    async close() {
      if (gone !== null) return;
      const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      const closed = call('close', null);
      gone = new MailscopeError('unavailable', 'The storage is closed.');
      await Promise.all([closed, exit]);
    },
  };
}
