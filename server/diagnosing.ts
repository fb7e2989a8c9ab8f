// Joins what was found wrong to its issues: of sessions as they end, of messages once they are parsed.
import { createSeries } from '../shared/diagnose/series/create-series.ts';
import { subjectOf } from '../shared/diagnose/session/detect.ts';
import { summarise } from '../shared/diagnose/summarise.ts';
import { messageSubject, worstFirst } from '../shared/diagnose/write-finding.ts';
import type { Found } from '../shared/finding.ts';
import { issue as issueSchema, type Issue } from '../shared/issue.ts';
import type { MessageSummary } from '../shared/message.ts';
import type { Session } from '../shared/session.ts';
import { Issues, type IssueStore } from './diagnosis/issues.ts';
import { sightingsOf, type Place } from './diagnosis/sighting.ts';
import { createThinning } from './diagnosis/thinning.ts';
import type { Events } from './events.ts';
import type { Log } from './log.ts';

export interface Diagnosing extends AsyncDisposable {
  readonly issues: Issues;
  /**
   * Adds to the session what only several together show. Whoever sees that it ended is to find that and its issues, so it
   * is not stored yet.
   */
  ended(session: Session): void;
  /** Once, and once that is stored. */
  parsed(message: MessageSummary, derived: { findingList?: readonly Found[] | undefined }): void;
}

function addFound(session: Session, more: readonly Found[]): void {
  if (more.length === 0) return;
  session.findingList = worstFirst([...(session.findingList ?? []), ...more]);
  const findings = summarise(session.findingList);
  if (findings) session.findings = findings;
}

/** What was imported, or written by Mailscope itself, is nothing that a program of the user does wrong now. */
const isOwnMail = ({ origin }: MessageSummary): boolean => origin === 'smtp' || origin === 'api';

export async function openDiagnosing(store: IssueStore, events: Events, log: Log): Promise<Diagnosing> {
  let isTold = false;
  const tellSeen = createThinning(({ id, count, lastSeenAt, sessionId, messageId }) =>
    events.emit('issue:seen', { id, count, lastSeenAt, sessionId, messageId }),
  );
  const issues = new Issues(store, {
    seen(issue) {
      if (events.heard('issue:seen')) tellSeen(issue);
    },
    saved() {
      isTold = false;
    },
    failed(error) {
      if (!isTold) log.error('Issues could not be stored; they are kept in memory until they can be', error);
      isTold = true;
    },
  });
  const stored = await store.loadIssues();
  const known = stored.flatMap((one): Issue[] => {
    const read = issueSchema.safeParse(one);
    return read.success ? [read.data] : [];
  });
  if (known.length < stored.length)
    log.warn(`Issues that this version does not know are passed over: ${stored.length - known.length}.`);
  issues.open(known);

  const series = createSeries();

  function see(all: readonly Found[], place: Place): void {
    for (const sighting of sightingsOf(all, place)) issues.see(sighting);
  }

  return {
    issues,
    ended(session) {
      const { id, openedAtUs: sinceUs } = session;
      const atUs = sinceUs + (session.durationUs ?? 0);
      const place = { subject: subjectOf(session), sessionId: id, messageId: null, atUs, sinceUs };
      try {
        addFound(session, series.add(session));
        see(session.findingList ?? [], place);
      } catch (error) {
        log.error('A session could not be added to its issues', error);
      }
    },
    parsed(message, { findingList = [] }) {
      if (!isOwnMail(message)) return;
      const { id, receivedAtUs: atUs } = message;
      try {
        see(findingList, { subject: messageSubject(message), sessionId: null, messageId: id, atUs });
      } catch (error) {
        log.error('A message could not be added to its issues', error);
      }
    },
    async [Symbol.asyncDispose]() {
      await issues[Symbol.asyncDispose]();
    },
  };
}
