// What is told when a wait was not met: what did arrive, what came near, and which sessions failed.
import { failuresOf } from '../../shared/session-failures.ts';
import type { MessageSummary } from '../../shared/message.ts';
import { matchSession } from '../../shared/search/match-session.ts';
import { messageMatcher } from '../../shared/search/match-message.ts';
import type { SessionSummary } from '../../shared/session.ts';
import type { FailedSession, Miss, WaitFailure } from '../../shared/wait.ts';
import { waitLimits } from '../../shared/wait-limits.ts';
import { nowUs } from '../clock.ts';
import { timeOf, type After } from './after.ts';
import { explainMessageTerm, quoted } from './explain-message.ts';
import { explainSessionTerm } from './explain-session.ts';
import { missOf, nearest } from './misses.ts';
import { asksCodes } from './certain.ts';
import type { Sight } from './in-view.ts';
import type { Search, WaitParts } from './parts.ts';
import { findSearchable, searchableMessage } from './searchable.ts';

const shown = waitLimits.arrived;
const maxNamed = 5;
/** Without `after`: what failed shortly before the wait may be why nothing comes. */
const shortlyBeforeUs = 60_000_000;
const failedOutcomes = new Set([
  'refused',
  'auth-failed',
  'tls-failed',
  'timed-out',
  'aborted',
  'no-command',
]);

type Told = Pick<WaitFailure, 'arrived' | 'misses'>;

const messageTitle = ({ subject, rcptTo }: MessageSummary): string =>
  `${quoted(subject)} to ${rcptTo.slice(0, 3).join(', ') || 'nobody'}`;
const sessionTitle = ({ clientName, listener, outcome }: SessionSummary): string =>
  `${quoted(clientName ?? '')} on ${listener}, ${outcome}`;

export async function tellMessages(
  parts: Sight,
  search: Search,
  isFresh: (item: MessageSummary) => boolean,
): Promise<Told> {
  const page = await parts.store.listMessages({ limit: shown });
  const items = page.items.filter(isFresh);
  const misses: Miss[] = [];
  const withCodes = asksCodes(search.query);
  const now = nowUs();
  if (search.query !== null) await Promise.all(items.map(({ id }) => parts.settled(id)));
  for (const { id } of search.query === null ? [] : items) {
    const message = await parts.store.findMessage(id);
    if (message === undefined) continue;
    const session = message.sessionId ? await findSearchable(parts, message.sessionId, withCodes) : undefined;
    const searchable = searchableMessage(message, session);
    const matches = messageMatcher(searchable);
    misses.push(
      missOf(search, {
        id,
        title: messageTitle(message),
        pending: message.parse === 'pending',
        holds: (part) => matches(part, now),
        explain: (term) => explainMessageTerm(term, searchable),
      }),
    );
  }
  return {
    arrived: items.map((item) => ({ id: item.id, at: item.receivedAt, title: messageTitle(item) })),
    misses: nearest(misses, maxNamed),
  };
}

async function newestSessions({ store, running }: Sight): Promise<SessionSummary[]> {
  const open = running.list().slice(0, shown);
  const known = new Set(open.map(({ id }) => id));
  const { items } = await store.listSessions({ limit: shown });
  return [...open, ...items.filter(({ id }) => !known.has(id))]
    .sort((a, b) => b.openedAtUs - a.openedAtUs)
    .slice(0, shown);
}

export async function tellSessions(
  parts: Sight,
  search: Search,
  isFresh: (item: SessionSummary) => boolean,
): Promise<Told> {
  const items = (await newestSessions(parts)).filter(isFresh);
  const misses: Miss[] = [];
  const withCodes = asksCodes(search.query);
  const now = nowUs();
  for (const summary of search.query === null ? [] : items) {
    const session = await findSearchable(parts, summary.id, withCodes);
    if (session === undefined) continue;
    misses.push(
      missOf(search, {
        id: summary.id,
        title: sessionTitle(summary),
        pending: session.outcome === 'open',
        holds: (part) => matchSession(part, session, now),
        explain: (term) => explainSessionTerm(term, session),
      }),
    );
  }
  return {
    arrived: items.map((item) => ({ id: item.id, at: item.openedAt, title: sessionTitle(item) })),
    misses: nearest(misses, maxNamed),
  };
}

/** Sessions that ended since then without a message, the newest first. */
export async function tellFailed(
  parts: Sight,
  { store }: Pick<WaitParts, 'store'>,
  after: After,
  beganUs: number,
): Promise<FailedSession[]> {
  // An event that the view does not have tells the time too.
  const sinceUs = (await timeOf(store, after)) ?? beganUs - shortlyBeforeUs;
  const failed = (await newestSessions(parts))
    .filter(
      ({ outcome, closedAt }) =>
        failedOutcomes.has(outcome) && closedAt !== null && Date.parse(closedAt) * 1000 >= sinceUs - 1000,
    )
    .slice(0, maxNamed);
  return Promise.all(
    failed.map(async (summary) => ({
      id: summary.id,
      outcome: summary.outcome,
      text:
        [await whyFailed(parts, summary), summary.ended?.text].filter(Boolean).join(' ') || summary.outcome,
    })),
  );
}

/** Where it ended says only that it did. */
async function whyFailed({ store }: Sight, { id, outcome }: SessionSummary): Promise<string | undefined> {
  if (outcome !== 'auth-failed' && outcome !== 'refused') return undefined;
  const session = await store.findSession(id);
  const text = session && failuresOf(session).next().value?.text;
  if (!text) return undefined;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
