// The client for tests: the calls of the API, and waits that explain themselves when they are not met.
import { MailscopeError } from '../errors.ts';
import { withClickable } from './clickable.ts';
import { connect, type Client } from './client.ts';
import { simulateFault } from './faults.ts';
import { readParsed } from './read-parsed.ts';
import {
  ExpectationError,
  formatWaitFailure,
  readFailedTranscripts,
  waitFailureOf,
  withHint,
} from './failure.ts';
import { formatAfter, optionsOf } from './wait-options.ts';
import type { TestClient, TestOptions, Wait, Waiting, WaitOptions } from './waiting.ts';

interface Defaults {
  /** Where waits begin that are given no `after`. */
  since?: string | undefined;
  timeout?: string | number | undefined;
}

/** For the `query` of a call. */
const ofInbox = (inbox: string | undefined): { inbox?: string } => (inbox === undefined ? {} : { inbox });

/** Adds the calls for tests to a client. */
export function withWaits(client: Client, defaults: Defaults = {}): TestClient {
  const { since } = defaults;
  async function explaining<T>(work: Promise<T>, inbox: string | undefined): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const failure = waitFailureOf(error);
      if (failure === undefined || !(error instanceof MailscopeError)) throw withHint(error);
      const transcripts = await readFailedTranscripts(client, failure.failedSessions, ofInbox(inbox));
      const message = `${error.message}\n${formatWaitFailure(failure)}${transcripts}`;
      throw new MailscopeError(error.code, message, { hint: error.hint, details: failure });
    }
  }
  const inputOf = ({ query, after = since, timeout = defaults.timeout, inbox, signal }: WaitOptions) => ({
    query: {
      ...(query === undefined ? {} : { query }),
      ...formatAfter(after),
      ...ofInbox(inbox),
      ...(timeout === undefined ? {} : { timeout }),
    },
    ...(signal === undefined ? {} : { signal }),
  });
  const readCursor = async (): Promise<string> => {
    const { cursor } = await client.readStatus().catch((error: unknown) => {
      throw withHint(error);
    });
    return cursor;
  };

  const waitForMessages: Waiting['waitForMessages'] = async (wait) => {
    const options = optionsOf<WaitOptions & { count?: number | undefined }>('waitForMessages', wait);
    const input = inputOf(options);
    if (options.count !== undefined) Object.assign(input.query, { count: options.count });
    return (await explaining(client.awaitMessages(input), options.inbox)).items;
  };
  async function waitForMessage(wait?: Wait) {
    const options = optionsOf('waitForMessage', wait);
    const [newest] = await waitForMessages(options);
    const { inbox, timeout = defaults.timeout, signal } = options;
    const { id, subject, rcptTo } = newest!;
    const asked = { params: { id }, query: ofInbox(inbox), ...(signal ? { signal } : {}) };
    const message = await readParsed(client, asked, timeout).catch((error: unknown) => {
      if (!(error instanceof MailscopeError) || error.code !== 'not_found') throw withHint(error);
      const text = `${id} "${subject}" to ${rcptTo.join(', ')} came, and was deleted before it could be read.`;
      throw new MailscopeError('not_found', text, { hint: error.hint, cause: error });
    });
    return withClickable(message);
  }
  async function explainSince(after: WaitOptions['after'], inbox?: string): Promise<string> {
    try {
      // So many never come: the answer tells what did.
      const query = { ...formatAfter(after), ...ofInbox(inbox), count: 1000, timeout: 0 };
      const { items } = await client.awaitMessages({ query });
      return `Arrived: ${items.length} messages`;
    } catch (error) {
      const failure = waitFailureOf(error);
      if (failure === undefined) return `What arrived cannot be told: ${(error as Error).message}`;
      const transcripts = await readFailedTranscripts(client, failure.failedSessions, ofInbox(inbox));
      return formatWaitFailure({ ...failure, items: [], misses: [] }) + transcripts;
    }
  }
  const expect: Waiting['expect'] = async ({ after = since, ...expectation }, { signal } = {}) => {
    const asked = client.checkExpectation({
      body: { ...expectation, ...formatAfter(after) },
      ...(signal === undefined ? {} : { signal }),
    });
    const report = await explaining(asked, expectation.inbox);
    if (report.held) return report;
    throw new ExpectationError(report, await explainSince(after, expectation.inbox));
  };
  return {
    ...client,
    readCursor,
    fromNow: async () => withWaits(client, { ...defaults, since: await readCursor() }),
    waitForMessages,
    waitForMessage,
    async waitForSession(wait) {
      const options = optionsOf('waitForSession', wait);
      const { items } = await explaining(client.awaitSessions(inputOf(options)), options.inbox);
      return client.readSession({ params: { id: items[0]!.id }, query: ofInbox(options.inbox) });
    },
    expect,
    async expectMessage(expected, options) {
      const given = typeof expected === 'string' ? { query: expected } : expected;
      const { after, timeout, inbox, signal, ...conditions } = { ...given, ...options };
      await expect(
        { messages: [conditions], after, ...ofInbox(inbox), ...(timeout === undefined ? {} : { timeout }) },
        { signal },
      );
      return waitForMessage({ query: conditions.query, after, timeout, inbox, signal });
    },
    async expectNoMessage(wait) {
      const options = optionsOf('expectNoMessage', wait);
      const input = inputOf(options);
      await explaining(
        client.awaitMessages({ ...input, query: { ...input.query, none: 'true' } }),
        options.inbox,
      );
    },
    async fault(input) {
      return simulateFault(client, input).catch((error: unknown) => {
        throw withHint(error);
      });
    },
    explainArrivals: () => explainSince(since),
  };
}

/** A client for tests of the Mailscope at `baseUrl`, e.g. `http://127.0.0.1:8025`; see `connect`. With a
 * `token` or `inbox` of its own a test sees no mail of others. */
export const connectForTests = (baseUrl: string, { timeout, ...options }: TestOptions = {}): TestClient =>
  withWaits(connect(baseUrl, options), { timeout });
