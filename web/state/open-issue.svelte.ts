// The issue that is open: what it is, what it stands on where it was seen last, and what was decided about it.
import { untrack } from 'svelte';
import type { DurableEvent } from '../../shared/events.ts';
import type { Finding, RuleSummary } from '../../shared/finding.ts';
import type { Issue, IssueState } from '../../shared/issue.ts';
import { explainError, type Client } from './client.ts';
import { IssueNote } from './issue-note.svelte.ts';
import type { Feed } from './live.svelte.ts';

type Calls = Pick<
  Client,
  'readIssue' | 'changeIssue' | 'readSessionFindings' | 'readMessageFindings' | 'listRules'
>;

/** The finding, with where it was found. */
export interface Seen {
  finding: Finding;
  sessionId: string | null;
  messageId: string | null;
}

export class OpenIssue {
  id = $state<string | null>(null);
  issue = $state.raw<Issue | null>(null);
  error = $state.raw<unknown>(null);
  /** null: not known, or gone with its session or message. */
  seen = $state.raw<Seen | null>(null);
  /** The words alone, where what it was found in is gone. */
  rule = $state.raw<RuleSummary | null>(null);
  isGone = $state(false);
  /** What can be taken back. */
  changed = $state.raw<{ id: string; from: IssueState; to: IssueState } | null>(null);
  problem = $state.raw<string | null>(null);
  readonly note: IssueNote;

  readonly #client: Calls;
  readonly #onchanged: (issue: Issue) => void;
  #turn = 0;
  #deciding: Promise<void> = Promise.resolve();

  constructor(client: Calls, onchanged: (issue: Issue) => void = () => undefined) {
    this.#client = client;
    this.#onchanged = onchanged;
    this.note = new IssueNote(
      (id, note) => this.#save(id, { note }),
      (problem) => (this.problem = `The note was not saved: ${problem}`),
    );
  }

  open(id: string | null): void {
    untrack(() => {
      if (this.id === id && this.issue) return;
      void this.note.flush();
      this.id = id;
      this.issue = this.seen = this.rule = null;
      this.isGone = false;
      void this.load();
    });
  }

  async load(): Promise<void> {
    const { id } = this;
    const turn = (this.#turn += 1);
    this.error = null;
    if (id === null) return;
    try {
      const issue = await this.#client.readIssue({ params: { id } });
      if (turn !== this.#turn) return;
      this.#take(issue);
      const seen = await this.#readSeen(issue).catch(() => null);
      const rule = seen ? null : await this.#readRule(issue.rule).catch(() => null);
      if (turn === this.#turn) Object.assign(this, { seen, rule });
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }

  listen(feed: Feed): () => void {
    return feed.listen({
      event: (event) => this.#hear(event),
      ephemeral: ({ type, payload }) => {
        if (type !== 'issue:seen' || payload.id !== this.id || !this.issue) return;
        if (payload.count > this.issue.count) this.issue = { ...this.issue, ...payload };
      },
      resumed: () => void this.load(),
      reset: () => void this.load(),
    });
  }

  async decide(to: IssueState): Promise<void> {
    const { issue } = this;
    if (!issue || issue.state === to) return;
    if (await this.#try(issue.id, to)) this.changed = { id: issue.id, from: issue.state, to };
  }

  async undo(): Promise<boolean> {
    const { changed } = this;
    this.changed = null;
    if (!changed) return false;
    const isDone = await this.#try(changed.id, changed.from);
    if (!isDone) this.changed ??= changed;
    return isDone;
  }

  /** Shown at once, and asked for one after the other, as people press. */
  async #try(id: string, state: IssueState): Promise<boolean> {
    this.problem = null;
    if (this.issue?.id === id) this.issue = { ...this.issue, state };
    const saving = this.#deciding.then(() => this.#save(id, { state }));
    this.#deciding = saving.catch(() => undefined);
    try {
      await saving;
      return true;
    } catch (error) {
      this.problem = explainError(error).title;
      if (this.id === id) void this.load();
      return false;
    }
  }

  async #save(id: string, body: { state?: IssueState; note?: string }): Promise<void> {
    const issue = await this.#client.changeIssue({ params: { id }, body });
    if (id === this.id) this.#take(issue);
    this.#onchanged(issue);
  }

  #take(issue: Issue): void {
    this.issue = issue;
    this.note.given(issue);
  }

  async #readSeen({ fingerprint, rule, sessionId, messageId }: Issue): Promise<Seen | null> {
    const { items } = await (messageId !== null
      ? this.#client.readMessageFindings({ params: { id: messageId } })
      : sessionId !== null
        ? this.#client.readSessionFindings({ params: { id: sessionId } })
        : { items: [] });
    const finding =
      items.find((one) => one.fingerprint === fingerprint) ?? items.find((one) => one.rule === rule);
    return finding ? { finding, sessionId, messageId } : null;
  }

  async #readRule(id: string): Promise<RuleSummary | null> {
    return (await this.#client.listRules()).items.find((rule) => rule.id === id) ?? null;
  }

  #hear({ type, payload }: DurableEvent): void {
    if (type === 'issue:changed' && payload.issue.id === this.id) this.#take(payload.issue);
    if (type === 'issues:deleted' && this.id !== null && payload.ids.includes(this.id)) this.isGone = true;
  }
}
