// Changes of the rules, and taking a deletion back. What fails is said shortly; what fails in the form is told there.
import type { Fault } from '../../shared/fault.ts';
import type { Body } from '../../shared/api.ts';
import { explainError, type Client } from './client.ts';
import type { Faults } from './faults.svelte.ts';

type Calls = Pick<Client, 'createFault' | 'changeFault' | 'deleteFault'>;

export class FaultChanges {
  /** Can be taken back. */
  deleted = $state.raw<Fault | null>(null);
  problem = $state.raw<string | null>(null);

  /** Where the last one taken back was not the last before, and is it now. */
  isMoved = false;

  readonly #client: Calls;
  readonly #faults: Faults;
  /** Those that stood behind what can be taken back. */
  #behind: readonly string[] = [];

  constructor(client: Calls, faults: Faults) {
    this.#client = client;
    this.#faults = faults;
  }

  /** Throws where the server refuses. */
  async save(id: string | null, body: Body<'createFault'>): Promise<Fault> {
    const saved = await (id === null
      ? this.#client.createFault({ body })
      : this.#client.changeFault({ params: { id }, body }));
    this.#faults.put(saved);
    return saved;
  }

  /** A failure of a real server, as it is; null where that is refused. */
  async add(preset: string): Promise<Fault | null> {
    return this.#try(() => this.save(null, { preset }));
  }

  async toggle({ id, enabled }: Fault): Promise<void> {
    await this.#try(() => this.save(id, { enabled: !enabled }));
  }

  async delete(fault: Fault): Promise<boolean> {
    const { id } = fault;
    const ids = (this.#faults.all ?? []).map((one) => one.id);
    const isDone = await this.#try(() => this.#client.deleteFault({ params: { id } }));
    if (!isDone) return false;
    this.#faults.drop([id]);
    this.deleted = fault;
    this.#behind = ids.slice(ids.indexOf(id) + 1);
    return true;
  }

  /** A rule that is deleted is gone: a new one like it takes its place, behind the others. Where that fails it can be tried again. */
  async undo(): Promise<Fault | null> {
    const gone = this.deleted;
    if (!gone) return null;
    this.deleted = null;
    this.isMoved = (this.#faults.all ?? []).some(({ id }) => this.#behind.includes(id));
    const { name, enabled, stage, when, times, delay, reply, then, afterBytes, without } = gone;
    const body = { name, enabled, stage, when, times, delay, reply, then, afterBytes, without };
    const back = await this.#try(() => this.save(null, body));
    if (!back) this.deleted ??= gone;
    return back;
  }

  forget(fault: Fault): void {
    if (this.deleted === fault) this.deleted = null;
  }

  async #try<T>(call: () => Promise<T>): Promise<T | null> {
    try {
      this.problem = null;
      return await call();
    } catch (error) {
      this.problem = explainError(error).title;
      return null;
    }
  }
}
