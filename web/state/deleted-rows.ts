// Deleted rows, for as long as they may come back.
import type { MessageSummary } from '../../shared/message.ts';

/** The server keeps a deleted message for 60 s. */
export const undoMs = 60_000;

interface Deleted {
  row: MessageSummary;
  until: number;
  /** The search that had found it. */
  query: string;
}

export class DeletedRows {
  readonly #rows = new Map<string, Deleted>();

  keep(rows: readonly MessageSummary[], query: string): void {
    const now = Date.now();
    for (const [id, { until }] of this.#rows) if (until < now) this.#rows.delete(id);
    for (const row of rows) this.#rows.set(row.id, { row, until: now + undoMs, query });
  }

  /** Those that belong in what a search finds. */
  take(ids: readonly string[], query: string): MessageSummary[] {
    const rows = ids
      .flatMap((id) => this.#rows.get(id) ?? [])
      .filter((deleted) => query === '' || deleted.query === query)
      .map(({ row }) => row);
    for (const { id } of rows) this.#rows.delete(id);
    return rows;
  }
}
