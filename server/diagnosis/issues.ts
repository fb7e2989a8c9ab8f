// The issues there are: seen, changed and forgotten here, in memory, and kept by the store some time later.
import { MailscopeError } from '../../shared/errors.ts';
import type { Issue, IssueChanges, IssueState } from '../../shared/issue.ts';
import { isAsBad, type Severity } from '../../shared/severity.ts';
import { isoOf, nowUs } from '../clock.ts';
import { newIssueId } from '../ids.ts';
import { firstSeen, ifBack, seenAgain, sinceUsOf, type Sighting } from './sighting.ts';
import { surplusOf } from './surplus.ts';

export const mostIssues = 2000;
/** So many go at once, so that not each new one looks through all. */
const surplus = 100;

/** A new one is told soon; counts wait for those that come after them. */
const newsMs = 50;
const countsMs = 1000;
/** While nothing can be written. */
const retryMs = 10_000;

export interface IssueStore {
  loadIssues(): Promise<unknown[]>;
  saveIssues(issues: { issue: Issue; isTold: boolean }[], removed: string[]): Promise<void>;
  removeIssues(ids: string[]): Promise<void>;
}

/** In the list. */
type Place = Pick<Issue, 'lastSeenAt' | 'id'>;

interface Listener {
  seen(issue: Issue): void;
  saved(): void;
  /** It is tried again. */
  failed(error: unknown): void;
}

export interface IssuesAsked {
  state?: IssueState | undefined;
  /** This, or worse. */
  severity?: Severity | undefined;
  rule?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

const descending = (a: string, b: string): number => (a === b ? 0 : a < b ? 1 : -1);
const lastSeenFirst = (a: Place, b: Place): number =>
  descending(a.lastSeenAt, b.lastSeenAt) || descending(a.id, b.id);

const cursorOf = ({ lastSeenAt, id }: Issue): string => `${String(Date.parse(lastSeenAt))}.${id}`;

function placeOf(cursor: string): Place {
  const [, ms = '', id = ''] = /^(\d{1,14})\.(i_[A-Za-z0-9_-]{1,62})$/.exec(cursor) ?? [];
  if (id !== '') return { lastSeenAt: new Date(Number(ms)).toISOString(), id };
  throw new MailscopeError('invalid_request', 'query.cursor is not one of this list.', {
    hint: 'Give the nextCursor of the page before, or leave it away.',
  });
}

export class Issues implements AsyncDisposable {
  #store: IssueStore;
  #on: Listener;
  #byId = new Map<string, Issue>();
  #byPrint = new Map<string, Issue>();
  /** What the store does not have yet; true: it is told. */
  #unsaved = new Map<string, boolean>();
  /** Of those, the ones that it has nothing of. */
  #isNew = new Set<string>();
  #removed = new Set<string>();
  /** Those that are being changed, and when what was seen of them since that was asked for began. */
  #underChange = new Set<{ id: string; seenUs: number }>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Infinity;
  #changing: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(store: IssueStore, on: Listener) {
    this.#store = store;
    this.#on = on;
  }

  open(stored: readonly Issue[]): void {
    for (const issue of stored) this.#set(issue);
  }

  see(sighting: Sighting): void {
    const known = this.#byPrint.get(sighting.fingerprint);
    if (known === undefined && !this.#makeRoom()) return;
    const issue = known === undefined ? firstSeen(newIssueId(), sighting) : seenAgain(known, sighting);
    this.#set(issue);
    for (const change of this.#underChange)
      if (change.id === issue.id) change.seenUs = Math.max(change.seenUs, sinceUsOf(sighting));
    if (known === undefined) this.#isNew.add(issue.id);
    this.#saveSoon(issue.id, known?.state !== issue.state);
    this.#on.seen(issue);
  }

  /** Throws invalid_request. */
  list({ state, severity, rule, limit, cursor }: IssuesAsked): { items: Issue[]; nextCursor: string | null } {
    const behind = cursor === undefined ? undefined : placeOf(cursor);
    const all = [...this.#byId.values()]
      .filter(
        (issue) =>
          (state === undefined || issue.state === state) &&
          (severity === undefined || isAsBad(issue.severity, severity)) &&
          (rule === undefined || issue.rule === rule) &&
          (behind === undefined || lastSeenFirst(behind, issue) < 0),
      )
      .sort(lastSeenFirst);
    const items = all.slice(0, limit);
    return { items, nextCursor: all.length > limit ? cursorOf(items.at(-1)!) : null };
  }

  countOpen(): number {
    return [...this.#byId.values()].filter(({ state }) => state === 'open').length;
  }

  /** Throws not_found. */
  read(id: string): Issue {
    const issue = this.#byId.get(id);
    if (issue) return issue;
    throw new MailscopeError('not_found', `There is no issue ${id}.`, {
      hint: 'GET /api/issues lists them. It may have been deleted.',
    });
  }

  /** Throws invalid_request and not_found. */
  change(id: string, { state, note }: IssueChanges): Promise<Issue> {
    if (state === undefined && note === undefined)
      throw new MailscopeError('invalid_request', 'body: needs state or note', {
        hint: 'Say what is to change, for example "state": "resolved".',
      });
    const changedAt = isoOf(nowUs());
    const changed = (): Issue => {
      const before = this.read(id);
      const isMended = state === 'resolved' && before.state !== state;
      return {
        ...before,
        ...{ state: state ?? before.state, note: note ?? before.note, changedAt },
        ...(isMended && { resolvedAt: changedAt }),
      };
    };
    const meanwhile = { id, seenUs: 0 };
    this.#underChange.add(meanwhile);
    return this.#inTurn(async () => {
      const told = changed();
      await this.#store.saveIssues([{ issue: told, isTold: true }], []);
      this.#isNew.delete(id);
      // It may have been seen, and counted.
      const issue = ifBack(changed(), meanwhile.seenUs);
      this.#set(issue);
      if (issue.state !== told.state) this.#saveSoon(id, true);
      return issue;
    }).finally(() => this.#underChange.delete(meanwhile));
  }

  /** Throws not_found. */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      this.read(id);
      await this.#forget([id]);
    });
  }

  /** How many: those that are not there are passed over. */
  removeAll(which: { ids: string[] } | { all: true }): Promise<number> {
    return this.#inTurn(async () => {
      const asked = 'ids' in which ? [...new Set(which.ids)] : [...this.#byId.keys()];
      const ids = asked.filter((id) => this.#byId.has(id));
      if (ids.length > 0) await this.#forget(ids);
      return ids.length;
    });
  }

  /** Resolves once what was seen is kept, or could not be. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dueMs = Infinity;
    return this.#inTurn(() => this.#saveUnsaved());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.save();
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #saveUnsaved(): Promise<void> {
    const [unsaved, removed, isNew] = [this.#unsaved, this.#removed, this.#isNew];
    if (unsaved.size === 0 && removed.size === 0) return;
    [this.#unsaved, this.#removed, this.#isNew] = [new Map(), new Set(), new Set()];
    const issues = [...unsaved].flatMap(([id, isTold]) => {
      const issue = this.#byId.get(id);
      return issue === undefined ? [] : { issue, isTold };
    });
    try {
      await this.#store.saveIssues(issues, [...removed]);
      this.#on.saved();
    } catch (error) {
      for (const [id, isTold] of unsaved)
        if (this.#byId.has(id)) this.#unsaved.set(id, isTold || this.#unsaved.get(id) === true);
      for (const id of isNew) if (this.#byId.has(id)) this.#isNew.add(id);
      for (const id of removed) this.#removed.add(id);
      this.#on.failed(error);
      this.#saveWithin(retryMs);
    }
  }

  #saveSoon(id: string, isNews: boolean): void {
    this.#unsaved.set(id, isNews || this.#unsaved.get(id) === true);
    this.#saveWithin(isNews ? newsMs : countsMs);
  }

  #saveWithin(ms: number): void {
    const dueMs = performance.now() + ms;
    if (this.#closed || dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => void this.save(), ms).unref();
  }

  #makeRoom(): boolean {
    if (this.#byId.size < mostIssues) return true;
    for (const { id } of surplusOf([...this.#byId.values()], surplus)) {
      this.#drop(id);
      if (!this.#isNew.delete(id)) this.#removed.add(id);
    }
    return this.#byId.size < mostIssues;
  }

  async #forget(ids: string[]): Promise<void> {
    await this.#store.removeIssues(ids);
    for (const id of ids) {
      this.#drop(id);
      this.#isNew.delete(id);
    }
  }

  #set(issue: Issue): void {
    this.#byId.set(issue.id, issue);
    this.#byPrint.set(issue.fingerprint, issue);
  }

  #drop(id: string): void {
    const issue = this.#byId.get(id);
    if (issue === undefined) return;
    this.#byId.delete(id);
    this.#byPrint.delete(issue.fingerprint);
    this.#unsaved.delete(id);
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => undefined);
    return changed;
  }
}
