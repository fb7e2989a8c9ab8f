// What `mailscope/cypress` gives: tasks for the configuration file (Node) and commands for the support file (browser).
// The browser cannot ask Mailscope itself: it answers only its own pages. So it imports nothing of Node.
import { connectForTests } from '../../shared/client/test-client.ts';
import type { TestMessage } from '../../shared/client/clickable.ts';
import type { Expected, TestClient, Wait, WaitOptions } from '../../shared/client/waiting.ts';
import type { ExpectationReport } from '../../shared/expect/report.ts';
import type { MessageSummary } from '../../shared/message.ts';

type Task = (given: object) => Promise<unknown>;
export type OnTask = (event: 'task', tasks: Record<string, Task>) => unknown;

const optionsOf = (wait: Wait | null | undefined): WaitOptions =>
  typeof wait === 'string' ? { query: wait } : (wait ?? {});

/**
 * In `setupNodeEvents(on)` of cypress.config: `registerMailTasks(on, { url: 'http://127.0.0.1:8025' })`, or with the
 * client of a sandbox that was started there: `registerMailTasks(on, sandbox.client)`.
 */
export function registerMailTasks(on: OnTask, from: { url: string } | TestClient): void {
  const client = 'waitForMessage' in from ? from : connectForTests(from.url);
  // What comes here was made by the commands below.
  on('task', {
    'mailscope:cursor': () => client.readCursor(),
    'mailscope:waitForMessage': (options) => client.waitForMessage(options),
    'mailscope:waitForMessages': (options) => client.waitForMessages(options),
    'mailscope:expectNoMessage': (options) => client.expectNoMessage(options).then(() => null),
    'mailscope:expect': (expected) => client.expect(expected as Expected),
    'mailscope:delete': () => client.deleteMessages({ body: { all: true, purge: true } }),
  });
}

export interface MailCommands {
  /** The newest message that matches and came since the test began. */
  waitForMail(wait?: Wait): TestMessage;
  waitForMails(wait?: (WaitOptions & { count?: number }) | string): MessageSummary[];
  /** Yields null when none that matches came in the whole time (default 1 s). */
  expectNoMail(wait?: Wait): null;
  /** Checks conditions on messages and sessions. */
  expectMail(expected: Expected): ExpectationReport;
  /** Deletes all messages. */
  deleteMail(): { count: number };
}

interface Cypress {
  Commands: { add(name: string, command: (...given: never[]) => unknown): void };
}
interface Browser {
  Cypress?: Cypress;
  cy?: { task(name: string, given: unknown, options: { timeout: number; log: boolean }): unknown };
  beforeEach?: (work: () => void) => void;
}

/** Longer than any wait, which then says itself what did not come. */
const taskTimeout = 310_000;

/** In the support file. Each test takes only mail that came since it began. */
export function registerMailCommands(): void {
  const browser = globalThis as unknown as Browser;
  const { Cypress: cypress, beforeEach } = browser;
  if (!cypress || !beforeEach)
    throw new Error('registerMailCommands belongs into the support file of Cypress (cypress/support/e2e).');
  let since: string | undefined;
  const task = (name: string, given: unknown = null): unknown =>
    browser.cy!.task(`mailscope:${name}`, given, { timeout: taskTimeout, log: false });
  const timed = <T extends WaitOptions>(options: T): T => {
    const { after = since } = options;
    return { ...options, after: after instanceof Date ? after.toISOString() : after };
  };
  const add = <N extends keyof MailCommands>(
    name: N,
    command: (...given: Parameters<MailCommands[N]>) => unknown,
  ) => cypress.Commands.add(name, command as (...given: never[]) => unknown);

  beforeEach(() => {
    const cursor = task('cursor') as { then(keep: (value: string) => void): void };
    cursor.then((value) => {
      since = value;
    });
  });
  add('waitForMail', (wait) => task('waitForMessage', timed(optionsOf(wait))));
  add('waitForMails', (wait) => task('waitForMessages', timed(optionsOf(wait))));
  add('expectNoMail', (wait) => task('expectNoMessage', timed({ timeout: '1s', ...optionsOf(wait) })));
  add('expectMail', (expected) =>
    task('expect', { ...expected, after: timed(expected as WaitOptions).after }),
  );
  add('deleteMail', () => task('delete'));
}
