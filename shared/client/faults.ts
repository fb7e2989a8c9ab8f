// Simulated failures in tests: made for the time of a test, and taken back by its end.
import type { Client } from './client.ts';

/** A rule, or a preset with what is to be different. */
export type FaultInput = Parameters<Client['createFault']>[0]['body'];
type Rule = Awaited<ReturnType<Client['createFault']>>;
export type TestFault = Rule &
  AsyncDisposable & {
    /** How often it was applied by now, and all else as it is now. */
    read(): Promise<Rule>;
    /** Takes it back; nothing happens when it is gone already. */
    delete(): Promise<void>;
  };

/** Simulates a failure until it is taken back. A text is the name of a preset. */
export async function simulateFault(client: Client, input: FaultInput | string): Promise<TestFault> {
  const fault = await client.createFault({ body: typeof input === 'string' ? { preset: input } : input });
  const remove = async (): Promise<void> => {
    await client.deleteFaults({ body: { ids: [fault.id] } });
  };
  return {
    ...fault,
    read: () => client.readFault({ params: { id: fault.id } }),
    delete: remove,
    [Symbol.asyncDispose]: remove,
  };
}
