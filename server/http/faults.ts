// The rules by which failures are simulated.
import { faultPresets } from '../../shared/fault-presets/presets.ts';
import type { Handlers } from './endpoint.ts';
import type { HttpParts } from './parts.ts';

type Names =
  | 'listFaults'
  | 'createFault'
  | 'listFaultPresets'
  | 'readFault'
  | 'changeFault'
  | 'deleteFault'
  | 'deleteFaults';

export const faultHandlers = ({ faults }: Pick<HttpParts, 'faults'>): Pick<Handlers, Names> => ({
  listFaults: () => ({ items: faults.list() }),
  createFault: ({ body }) => faults.create(body),
  listFaultPresets: () => ({ items: [...faultPresets] }),
  readFault: ({ params: { id } }) => faults.read(id),
  changeFault: ({ params: { id }, body }) => faults.change(id, body),
  async deleteFault({ params: { id } }) {
    await faults.remove(id);
    return { count: 1 };
  },
  deleteFaults: async ({ body }) => ({ count: await faults.removeAll(body) }),
});
