// Carries out wait, expect and ready. Results go to standard output, for scripts; explanations to standard error.
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../shared/client/client.ts';
import {
  formatReport,
  formatWaitFailure,
  readFailedTranscripts,
  waitFailureOf,
} from '../../shared/client/failure.ts';
import { findClickable } from '../../shared/client/clickable.ts';
import { readParsed } from '../../shared/client/read-parsed.ts';
import { adviceFor } from '../../shared/client/unreachable.ts';
import { MailscopeError } from '../../shared/errors.ts';
import type { Message } from '../../shared/message.ts';
import { parseDuration } from '../../shared/units.ts';
import { parseJsonFile } from '../config/json-file.ts';
import { UsageError } from '../config/usage-error.ts';
import { escapeControls } from '../log.ts';
import { inCommandWords } from './command-words.ts';
import { explainError } from './explain-error.ts';
import { connectTo } from './server-flags.ts';
import type { ExpectOptions, Printed, ReadyOptions, TestTask, WaitOptions } from './test-commands.ts';

const retryMs = 50;
const maxTimeoutMs = 300_000;

const out = (line: string): void => void process.stdout.write(`${line}\n`);
/** What strangers sent may stand in it, line by line. */
const err = (lines: string): void =>
  void process.stderr.write(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => `${escapeControls(line)}\n`)
      .join(''),
  );

function partOf(message: Message, what: Printed): string {
  const found =
    what === 'code'
      ? message.codes[0]?.code
      : what === 'link'
        ? findClickable(message.links)?.href
        : message.text;
  if (found !== undefined && found !== null) return what === 'text' ? found.trimEnd() : escapeControls(found);
  throw new MailscopeError('not_found', `Message ${message.id} came and has no ${what}.`, {
    hint: `Look at it: ${JSON.stringify(message.subject)}.`,
  });
}

async function wait(client: Client, options: WaitOptions): Promise<void> {
  const { query, after, count, timeout, none, sessions, print } = options;
  if (sessions && ['code', 'link', 'text'].includes(print))
    throw new UsageError(
      `A session has no ${print}.`,
      'It is a part of a message.',
      'Take --print id or json.',
    );
  const asked = {
    query,
    ...(after === undefined ? {} : { after }),
    ...(count === undefined ? {} : { count }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(none ? { none: 'true' } : {}),
  };
  if (sessions) {
    const { items, cursor } = await client.awaitSessions({ query: asked });
    if (print === 'cursor') return out(cursor);
    if (print === 'json') return out(JSON.stringify(items));
    for (const { id, openedAt, listener, outcome, clientName } of items)
      out(
        print === 'id'
          ? id
          : escapeControls(`${id}  ${openedAt}  ${listener}  ${outcome}  ${clientName ?? ''}`.trimEnd()),
      );
    return;
  }
  const { items, cursor } = await client.awaitMessages({ query: asked });
  if (print === 'cursor') return out(cursor);
  if (print === 'json') return out(JSON.stringify(items));
  for (const { id, receivedAt, mailFrom, rcptTo, subject } of items) {
    if (print === 'id') out(id);
    else if (print === 'line')
      out(escapeControls(`${id}  ${receivedAt}  <${mailFrom}> to ${rcptTo.join(', ')}  ${subject}`));
    else {
      // The newest one: a code of an earlier message is of no use.
      out(partOf(await readParsed(client, { params: { id } }, timeout), print));
      return;
    }
  }
}

async function readExpectation({ file, after, timeout }: ExpectOptions): Promise<object> {
  const name = file === '-' ? 'Standard input' : file;
  const source = await (file === '-' ? buffer(process.stdin) : readFile(file)).catch((cause: unknown) => {
    throw new UsageError(`${name} cannot be read.`, (cause as Error).message, 'Check the path.');
  });
  let given: unknown;
  try {
    given = parseJsonFile(source);
  } catch (cause) {
    throw new UsageError(`${name} is not valid JSON.`, (cause as Error).message, 'Check quotes and commas.');
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new UsageError(
      `${name} is no expectation.`,
      'It must be an object.',
      'For example {"messages":[{"count":1}]}.',
    );
  return {
    ...given,
    ...(after === undefined ? {} : { after }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

async function expect(client: Client, options: ExpectOptions): Promise<number> {
  // The server says what is wrong with it, with the place.
  const body = (await readExpectation(options)) as Parameters<Client['checkExpectation']>[0]['body'];
  const report = await client.checkExpectation({ body });
  if (options.json) out(JSON.stringify(report));
  else for (const line of formatReport(report).split('\n')) out(escapeControls(line));
  if (report.failedSessions.length > 0 && !report.held)
    err(await readFailedTranscripts(client, report.failedSessions));
  return report.held ? 0 : 1;
}

async function ready(client: Client, { url, timeout }: ReadyOptions): Promise<void> {
  const ms = parseDuration(timeout);
  if (ms === undefined || ms > maxTimeoutMs)
    throw new UsageError(
      `--timeout "${timeout}" cannot be used.`,
      'It is a time of at most 5m.',
      'Write for example --timeout 30s.',
    );
  const deadline = performance.now() + ms;
  let reason: unknown;
  for (;;) {
    // A port may be open long before it answers.
    const signal = AbortSignal.timeout(Math.max(1, Math.round(deadline - performance.now())));
    const failure = await client.readReady({ signal }).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (failure === undefined) return out((await client.readStatus()).cursor);
    // That time was over says less than what went wrong before.
    if (!signal.aborted) reason = failure.error;
    if (performance.now() + retryMs >= deadline)
      throw new MailscopeError('unavailable', `Mailscope does not answer at ${url} within ${timeout}.`, {
        hint:
          adviceFor(reason) ??
          ((reason instanceof MailscopeError && reason.code !== 'unavailable' && reason.hint) ||
            'Is it running, and is that the address of its web port?'),
        cause: reason,
      });
    await delay(retryMs);
  }
}

/** The hint of a wait that was in vain says in short what arrived, for those who see no list of it. */
const isToldBelow = (error: MailscopeError, task: TestTask): boolean =>
  error.code === 'wait_timed_out' && task.command === 'wait' && !task.options.none;

/** Resolves with the exit code: 0 met, 1 not met, 2 called wrongly, 3 could not be asked. */
export async function runTestCommand(task: TestTask): Promise<number> {
  const inbox = task.command === 'ready' ? undefined : task.options.inbox;
  const client = connectTo(task.options, { inbox });
  try {
    if (task.command === 'expect') return await expect(client, task.options);
    if (task.command === 'wait') await wait(client, task.options);
    else await ready(client, task.options);
    return 0;
  } catch (error) {
    if (!(error instanceof MailscopeError)) throw error;
    const failure = waitFailureOf(error);
    const shown = failure && isToldBelow(error, task) ? new MailscopeError(error.code, error.message) : error;
    err(explainError(inCommandWords(shown, task)).text);
    if (failure)
      err(`${formatWaitFailure(failure)}${await readFailedTranscripts(client, failure.failedSessions)}`);
    if (error.code === 'invalid_request') return 2;
    return failure || error.code === 'not_found' ? 1 : 3;
  }
}
