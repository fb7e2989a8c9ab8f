// The rules by which failures are simulated, live. The page opens with it, so that one sees everywhere that the server
// fails on purpose; what changes the rules is in fault-changes.svelte.ts.
import type { DurableEvent } from '../../shared/events.ts';
import type { Fault } from '../../shared/fault.ts';
import { attempt } from './attempt.ts';
import type { Client } from './client.ts';
import type { Ephemeral, Feed } from './live.svelte.ts';

export class Faults {
  /** In the order in which they are tried. null: not known yet. */
  all = $state.raw<readonly Fault[] | null>(null);
  /** Why they are not known. */
  error = $state.raw<unknown>(null);
  readonly on = $derived((this.all ?? []).filter(({ enabled }) => enabled).length);

  readonly #client: Pick<Client, 'listFaults'>;
  #heard = 0;
  #loads = 0;

  constructor(client: Pick<Client, 'listFaults'>) {
    this.#client = client;
  }

  /** Once more where something changed meanwhile, which the answer may not know. */
  async load(): Promise<void> {
    const heard = this.#heard;
    this.#loads += 1;
    await attempt(this, async () => (this.all = (await this.#client.listFaults()).items));
    this.#loads -= 1;
    if (heard !== this.#heard) await this.load();
  }

  listen(feed: Feed): () => void {
    const load = (): void => void this.load();
    return feed.listen({
      event: (event) => this.#hear(event),
      ephemeral: (event) => this.#count(event),
      resumed: load,
      reset: load,
    });
  }

  /** At its place, or as the last one. One rule alone is not the list: where that could not be read it is tried again. */
  put(fault: Fault): void {
    this.#heard += 1;
    const { all } = this;
    if (!all) return void (this.#loads === 0 && this.load());
    const isKnown = all.some(({ id }) => id === fault.id);
    this.all = isKnown ? all.map((one) => (one.id === fault.id ? fault : one)) : [...all, fault];
  }

  drop(ids: readonly string[]): void {
    this.#heard += 1;
    this.all = this.all && this.all.filter(({ id }) => !ids.includes(id));
  }

  #hear({ type, payload }: DurableEvent): void {
    if (type === 'fault:created' || type === 'fault:changed') this.put(payload.fault);
    else if (type === 'faults:deleted') this.drop(payload.ids);
  }

  #count({ type, payload }: Ephemeral): void {
    if (type !== 'fault:applied' || !this.all) return;
    const { id, applied, appliedAt } = payload;
    this.all = this.all.map((one) => (one.id === id ? { ...one, applied, appliedAt } : one));
  }
}
