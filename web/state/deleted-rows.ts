// Deleted rows, for as long as they may come back.
import type { DurableEvents } from '../../shared/events.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import type { MessageSummary } from '../../shared/message.ts';

/** The server keeps a deleted message for 60 s. */
export const undoMs = 60_000;

/** What retention removes does not come back. */
export type DeletionReason = DurableEvents['messages:deleted']['reason'];

interface Deleted {
  row: MessageSummary;
  until: number;
  where: Where;
}

/** What the list showed: an inbox, or all, and of it what a search finds. */
export interface Where {
  view: InboxView;
  query: string;
}

export interface Deletion {
  ids: string[];
  until: number;
  /** Where it was made: there it is taken back. */
  view: InboxView;
}

export class DeletedRows {
  readonly #rows = new Map<string, Deleted>();

  keep(rows: readonly MessageSummary[], where: Where): void {
    const now = Date.now();
    for (const [id, { until }] of this.#rows) if (until < now) this.#rows.delete(id);
    for (const row of rows) this.#rows.set(row.id, { row, until: now + undoMs, where });
  }

  /** Those that belong in what the list shows. */
  take(ids: readonly string[], { view, query }: Where): MessageSummary[] {
    const rows = ids
      .flatMap((id) => this.#rows.get(id) ?? [])
      .filter(({ where }) => where.view === view && (query === '' || where.query === query))
      .map(({ row }) => row);
    for (const { id } of rows) this.#rows.delete(id);
    return rows;
  }
}
