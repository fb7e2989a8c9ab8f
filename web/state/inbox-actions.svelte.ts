// What is done to messages from the list and its keys: to the chosen ones, else to the one where one is.
/* eslint-disable svelte/prefer-svelte-reactivity -- for looking up only */
import type { Inbox } from './inbox.svelte.ts';
import type { Reading } from './reading.svelte.ts';

export class InboxActions {
  /** Whose tags are being edited. */
  tagging = $state.raw<string[] | null>(null);

  readonly #inbox: Inbox;
  readonly #reading: Reading<{ id: string }>;
  readonly #open: () => string | null;
  readonly #go: (id: string | null, replace?: boolean) => void;

  constructor(
    inbox: Inbox,
    reading: Reading<{ id: string }>,
    open: () => string | null,
    go: (id: string | null, replace?: boolean) => void,
  ) {
    this.#inbox = inbox;
    this.#reading = reading;
    this.#open = open;
    this.#go = go;
  }

  targets(): string[] {
    const { selection } = this.#inbox;
    if (selection.size > 0) return [...selection.ids];
    return this.#reading.active ? [this.#reading.active] : [];
  }

  get arePinned(): boolean {
    return this.targets().every((id) => this.#inbox.list.find(id)?.pinned ?? true);
  }

  /** The two that are chosen, the older one first. */
  get pair(): [string, string] | null {
    const { ids } = this.#inbox.selection;
    if (ids.size !== 2) return null;
    const seq = (id: string): number => this.#inbox.list.find(id)?.seq ?? 0;
    const [left = '', right = ''] = [...ids].sort((a, b) => seq(a) - seq(b));
    return [left, right];
  }

  /** Chooses the row where one is, or the first. */
  toggle(): void {
    this.#reading.active ??= this.#inbox.list.items[0]?.id ?? null;
    if (this.#reading.active) this.#inbox.selection.toggle(this.#reading.active);
  }

  step(by: 1 | -1): void {
    const next = this.#inbox.neighbour(this.#reading.active, by);
    if (next) this.#go(next.id, this.#open() !== null);
  }

  /** Goes on with the next message where the one where one is goes away. */
  remove(ids: string[] = this.targets()): void {
    if (ids.length === 0) return;
    const open = this.#open();
    const { active } = this.#reading;
    const next = this.#reading.after(new Set(ids));
    void this.#inbox.delete(ids);
    if (active !== null && ids.includes(active)) this.#reading.active = next;
    if (open !== null && ids.includes(open)) this.#go(next, true);
  }

  /** Resolves with how many are there again. */
  async undo(): Promise<number> {
    const ids = await this.#inbox.undo();
    if (ids.length === 1 && ids[0]) this.#go(ids[0]);
    return ids.length;
  }

  mark(read: boolean): void {
    const ids = this.targets();
    if (ids.length > 0) void this.#inbox.mark(ids, read);
  }

  toggleRead(): void {
    this.mark(this.targets().every((id) => this.#inbox.list.find(id)?.read === false));
  }

  pin(ids: string[] = this.targets()): void {
    const pinned = !ids.every((id) => this.#inbox.list.find(id)?.pinned ?? true);
    if (ids.length > 0) void this.#inbox.change(ids, { pinned });
  }

  tag(ids: string[] = this.targets()): void {
    if (ids.length > 0) this.tagging = ids;
  }
}
