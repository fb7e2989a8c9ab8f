// What the client can do beside the calls of the API: the promises of the waits.
import type { Expectation } from '../expect/expectation.ts';
import type { ExpectationReport } from '../expect/report.ts';
import type { MessageSummary } from '../message.ts';
import type { Session } from '../session.ts';
import type { TestMessage } from './clickable.ts';
import type { Client, ConnectOptions } from './client.ts';
import type { FaultInput, TestFault } from './faults.ts';

export interface WaitOptions {
  /** A search as in the search box, e.g. `to:ann@example.com subject:reset`. Default: any. */
  query?: string | undefined;
  /**
   * Only what comes after this: a cursor, as `readCursor` gives it, or a time. Default: the place of `fromNow`; without
   * that what is stored already counts too, so that a mail of an earlier test may be taken.
   */
  after?: string | Date | undefined;
  /** `300ms`, `8s`, `2m`, or milliseconds; at most 5 minutes. Default: that of the client, else 10 s. */
  timeout?: string | number | undefined;
  /** Only what is in this inbox. Default: that of the client, else that of its token, else all. */
  inbox?: string | undefined;
  signal?: AbortSignal | undefined;
}
export interface TestOptions extends ConnectOptions {
  /** Of waits that are given none. It should be less than the runner gives a test. Default: 10 s. */
  timeout?: string | number | undefined;
}

/** Options, or the search alone. */
export type Wait = WaitOptions | string;

type ExpectOptions = Pick<WaitOptions, 'after' | 'timeout' | 'inbox' | 'signal'>;
export type ExpectedMessage = NonNullable<Expectation['messages']>[number];
export type Expected = Omit<Expectation, 'after'> & { after?: string | Date | undefined };

export interface Waiting {
  /** The cursor of this moment, for `after`: take it before the application is made to send. */
  readCursor(): Promise<string>;
  /**
   * The same client, whose waits take only what comes from now on, unless they are given an `after` of their own. At
   * the start of a test it makes sure that no mail of an earlier one is taken.
   */
  fromNow(): Promise<TestClient>;
  /**
   * The newest message that matches, whole and parsed, as soon as there is one.
   *
   * Throws MailscopeError `wait_timed_out`; its message tells what arrived instead, what came nearest and why it does
   * not match, and the transcripts of sessions that failed; `not_found` when its inbox is deleted meanwhile.
   */
  waitForMessage(options?: Wait): Promise<TestMessage>;
  /** Summaries, newest first, as soon as there are `count` (default 1, at most 1,000) or more. Throws like waitForMessage. */
  waitForMessages(
    options?: (WaitOptions & { count?: number | undefined }) | string,
  ): Promise<MessageSummary[]>;
  /** The newest session that matches, judged at each of its messages and at its end. Throws like waitForMessage. */
  waitForSession(options?: Wait): Promise<Session>;
  /**
   * The newest message that meets the conditions, as soon as all that `query` selects do, within `timeout` (default
   * 2 s). Throws ExpectationError, which says of each condition what was found. The options may stand among the
   * conditions, as they do for waitForMessage.
   */
  expectMessage(
    expected: (ExpectedMessage & ExpectOptions) | string,
    options?: ExpectOptions,
  ): Promise<TestMessage>;
  /**
   * Resolves when no message that matches came in the whole time (default 10 s; shorter is often enough). Throws
   * MailscopeError `unexpected_message` at once when one comes.
   */
  expectNoMessage(options?: Wait): Promise<void>;
  /** The report, when all conditions hold within `timeout` (default 2 s). Throws ExpectationError, with the report. */
  expect(expectation: Expected, options?: { signal?: AbortSignal | undefined }): Promise<ExpectationReport>;
  /**
   * Simulates a failure, e.g. `'gmail/over-quota'` or `{ stage: 'rcpt', reply: { code: 450 } }`, until it is taken back:
   * `await using fault = await sandbox.fault(...)` does that at the end of the test. It concerns all sessions that
   * match, whosever they are: give tests that share a server a `when` of their own.
   */
  fault(input: FaultInput | string): Promise<TestFault>;
  /** What arrived since `fromNow` and which sessions failed, with their transcripts, as a text to be printed. */
  explainArrivals(): Promise<string>;
}

/** The calls of the API, and those for tests. */
export type TestClient = Client & Waiting;
