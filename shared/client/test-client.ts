// The client for tests: the calls of the API, and waits that explain themselves when they are not met.
import { MailscopeError } from '../errors.ts';
import type { Expectation } from '../expect/expectation.ts';
import type { ExpectationReport } from '../expect/report.ts';
import type { Message, MessageSummary } from '../message.ts';
import type { Session } from '../session.ts';
import { connect, type Client, type ConnectOptions } from './client.ts';
import { ExpectationError, formatWaitFailure, readFailedTranscripts, waitFailureOf } from './failure.ts';

export interface WaitOptions {
  /** A search as in the search box, e.g. `to:ann@example.com subject:reset`. Default: any. */
  query?: string | undefined;
  /**
   * Only what comes after this: a cursor, as `readCursor` gives it, or a time. Without it what is stored already counts
   * too, so that a mail of an earlier test may be taken.
   */
  after?: string | Date | undefined;
  /** `300ms`, `8s`, `2m`, or milliseconds; at most 5 minutes. Default: 10 s. */
  timeout?: string | number | undefined;
  signal?: AbortSignal | undefined;
}

export interface Waiting {
  /** The cursor of this moment, for `after`: take it before the application is made to send. */
  readCursor(): Promise<string>;
  /**
   * The newest message that matches, whole and parsed, as soon as there is one.
   *
   * Throws MailscopeError `wait_timed_out`; its message tells what arrived instead, what came nearest and why it does
   * not match, and the transcripts of sessions that failed.
   */
  waitForMessage(options?: WaitOptions): Promise<Message>;
  /** Summaries, newest first, as soon as there are `count` (default 1, at most 1,000) or more. Throws like waitForMessage. */
  waitForMessages(options?: WaitOptions & { count?: number | undefined }): Promise<MessageSummary[]>;
  /** The newest session that matches, judged at each of its messages and at its end. Throws like waitForMessage. */
  waitForSession(options?: WaitOptions): Promise<Session>;
  /**
   * Resolves when no message that matches came in the whole time (default 10 s; shorter is often enough). Throws
   * MailscopeError `unexpected_message` at once when one comes.
   */
  expectNoMessage(options?: WaitOptions): Promise<void>;
  /** The report, when all conditions hold within `timeout` (default 2 s). Throws ExpectationError, with the report. */
  expect(
    expectation: Omit<Expectation, 'after'> & { after?: string | Date | undefined },
    options?: { signal?: AbortSignal },
  ): Promise<ExpectationReport>;
}

/** The calls of the API, and those for tests. */
export type TestClient = Client & Waiting;

const formatAfter = (after: string | Date | undefined): { after?: string } => {
  if (after === undefined) return {};
  return { after: typeof after === 'string' ? after : after.toISOString() };
};

function inputOf({ query, after, timeout, signal }: WaitOptions) {
  return {
    query: {
      ...(query === undefined ? {} : { query }),
      ...formatAfter(after),
      ...(timeout === undefined ? {} : { timeout }),
    },
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Adds the calls for tests to a client. */
export function withWaits(client: Client): TestClient {
  async function explaining<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const failure = waitFailureOf(error);
      if (failure === undefined || !(error instanceof MailscopeError)) throw error;
      const transcripts = await readFailedTranscripts(client, failure.failedSessions);
      const message = `${error.message}\n${formatWaitFailure(failure)}${transcripts}`;
      throw new MailscopeError(error.code, message, { hint: error.hint, details: failure, cause: error });
    }
  }

  const waitForMessages: Waiting['waitForMessages'] = async ({ count, ...options } = {}) => {
    const input = inputOf(options);
    if (count !== undefined) Object.assign(input.query, { count });
    return (await explaining(client.awaitMessages(input))).items;
  };
  return {
    ...client,
    readCursor: async () => (await client.readStatus()).cursor,
    waitForMessages,
    async waitForMessage(options) {
      const [newest] = await waitForMessages(options);
      return client.readMessage({ params: { id: newest!.id } });
    },
    async waitForSession(options = {}) {
      const { items } = await explaining(client.awaitSessions(inputOf(options)));
      return client.readSession({ params: { id: items[0]!.id } });
    },
    async expectNoMessage(options = {}) {
      const input = inputOf(options);
      await explaining(client.awaitMessages({ ...input, query: { ...input.query, none: 'true' } }));
    },
    async expect({ after, ...expectation }, { signal } = {}) {
      const report = await client.checkExpectation({
        body: { ...expectation, ...formatAfter(after) },
        ...(signal === undefined ? {} : { signal }),
      });
      if (report.held) return report;
      throw new ExpectationError(report, await readFailedTranscripts(client, report.failedSessions));
    },
  };
}

/** A client for tests of the Mailscope at `baseUrl`, e.g. `http://127.0.0.1:8025`; see `connect`. */
export const connectForTests = (baseUrl: string, options?: ConnectOptions): TestClient =>
  withWaits(connect(baseUrl, options));
