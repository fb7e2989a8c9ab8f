// Failures of real servers to choose from, read once they are looked at.
import type { FaultPreset } from '../../shared/fault.ts';
import { attempt } from './attempt.ts';
import type { Client } from './client.ts';

export class FaultPresets {
  /** null: not known yet. */
  all = $state.raw<readonly FaultPreset[] | null>(null);
  error = $state.raw<unknown>(null);
  readonly #client: Pick<Client, 'listFaultPresets'>;

  constructor(client: Pick<Client, 'listFaultPresets'>) {
    this.#client = client;
  }

  async load(): Promise<void> {
    if (this.all) return;
    await attempt(this, async () => (this.all = (await this.#client.listFaultPresets()).items));
  }
}
