// A whole rule of what is given of it: what is not given is that of the preset, or as usual.
import { findPreset, presetsNear } from './fault-presets/find-preset.ts';
import {
  faultRule,
  faultTimes,
  type FaultChanges,
  type FaultInput,
  type FaultPreset,
  type FaultRule,
} from './fault.ts';
import { faultStages } from './fault-stages.ts';

/** A field of the input, e.g. `reply.code`, and what is wrong with it. */
export interface FaultProblem {
  path: string;
  problem: string;
  hint: string | null;
}
export type Made = { rule: FaultRule } | FaultProblem;

const given = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const longestName = 80;

function ofPreset({ name: _, title, text: __, times, ...does }: FaultPreset): object {
  return {
    ...does,
    name: title.slice(0, longestName),
    ...(times && { times: faultTimes.parse(times) }),
  };
}

/** Behind the greeting nothing is usual any more; one that only comes late is still a greeting. */
const usualEnding = ({ stage, reply, delay = 0 }: FaultInput): FaultRule['then'] =>
  stage === 'connect' && (delay === 0 || reply) ? 'close' : 'continue';

function judge(whole: object): Made {
  const judged = faultRule.safeParse(whole);
  if (judged.success) return { rule: judged.data };
  const [issue] = judged.error.issues;
  return {
    path: issue?.path.map(String).join('.') ?? '',
    problem: issue?.message ?? 'is not valid',
    hint: null,
  };
}

export function makeFault({ preset: asked, ...input }: FaultInput): Made {
  const preset = asked === undefined ? undefined : findPreset(asked);
  if (asked !== undefined && preset === undefined) {
    const near = presetsNear(asked);
    return {
      path: 'preset',
      problem: 'there is no preset of that name',
      hint: `${near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : ''}GET /api/faults/presets lists them.`,
    };
  }
  if (preset === undefined && input.stage === undefined)
    return {
      path: 'stage',
      problem: `is missing; without a preset it must be one of ${faultStages.join(', ')}`,
      hint: null,
    };
  return judge({
    name: null,
    enabled: true,
    when: {},
    times: faultTimes.parse({}),
    delay: 0,
    reply: null,
    then: usualEnding(input),
    afterBytes: null,
    without: [],
    ...(preset && ofPreset(preset)),
    ...given(input),
  });
}

/** Each field that is given takes the place of the one that was. */
export const changedFault = (rule: FaultRule, changes: FaultChanges): Made =>
  judge({ ...rule, ...given(changes) });
