import type { FaultPreset } from '../fault.ts';

type Refusal = Pick<FaultPreset, 'stage' | 'reply' | 'then'>;

/** A reply at a stage. Several lines stand one behind the other. */
export const refuse = (
  stage: FaultPreset['stage'],
  code: number,
  enhanced: string | null,
  ...lines: string[]
): Refusal => ({ stage, reply: { code, enhanced, text: lines.join('\n') }, then: 'continue' });

/** The same, and the connection is closed behind it. */
export const hangUp = (...given: Parameters<typeof refuse>): Refusal => ({
  ...refuse(...given),
  then: 'close',
});
