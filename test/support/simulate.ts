// A simulated failure for as long as a test needs it.
import type { FaultInput } from '../../shared/fault.ts';
import type { TestSandbox } from './sandbox.ts';

type Given = Omit<Partial<FaultInput>, 'when' | 'times' | 'reply'> & {
  when?: Record<string, string | string[] | number>;
  times?: Partial<NonNullable<FaultInput['times']>>;
  reply?: { code: number; enhanced?: string; text?: string };
};

export async function simulate(
  { client }: TestSandbox,
  given: Given,
): Promise<AsyncDisposable & { id: string }> {
  const { id } = await client.createFault({ body: given as never });
  return {
    id,
    async [Symbol.asyncDispose]() {
      await client.deleteFault({ params: { id } });
    },
  };
}
