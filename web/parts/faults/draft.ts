// A fault while it is written, each field as it was typed; and the rule that it stands for.
import type { FaultPreset, FaultRule } from '../../../shared/fault.ts';
import type { Body } from '../../../shared/api.ts';
import { countedPer, endingsOf, factsOf, needsReply, type FaultStage } from '../../../shared/fault-stages.ts';
import { parseDuration } from '../../../shared/units.ts';
import type { Fact } from './words.ts';

type Times = FaultRule['times'];
type Told = Omit<FaultRule, 'name' | 'enabled'>;

export interface Draft {
  name: string;
  stage: FaultStage;
  hasReply: boolean;
  code: string;
  enhanced: string;
  text: string;
  delay: string;
  then: FaultRule['then'];
  afterBytes: string;
  without: string;
  when: Record<Fact, string>;
  times: Record<Exclude<keyof Times, 'per'>, string> & { per: Times['per'] };
}

const anyone: Draft['when'] = {
  from: '',
  to: '',
  user: '',
  client: '',
  ip: '',
  listener: '',
  largerThan: '',
};
const always: Times = { skip: 0, every: 1, chance: 100, count: null, seed: 1, per: 'rule' };

const showTimes = (given: Partial<Times>): Draft['times'] => {
  const { skip, every, chance, count, seed, per } = { ...always, ...given };
  return {
    skip: String(skip),
    every: String(every),
    chance: String(chance),
    count: count === null ? '' : String(count),
    seed: String(seed),
    per,
  };
};

const showDelay = (ms: number): string =>
  ms === 0 ? '' : ms % 60_000 === 0 ? `${ms / 60_000}m` : ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;

export const newDraft = (): Draft => ({
  name: '',
  stage: 'rcpt',
  hasReply: true,
  code: '550',
  enhanced: '5.1.1',
  text: 'No such user',
  delay: '',
  then: 'continue',
  afterBytes: '',
  without: '',
  when: { ...anyone },
  times: showTimes({}),
});

/** Of a rule, or of a failure of a real server. */
export function draftOf(given: Partial<FaultRule> | FaultPreset): Draft {
  const { stage = 'rcpt', reply = null, delay = 0, then = 'continue', times = {} } = given;
  const when = 'when' in given ? (given.when ?? {}) : {};
  return {
    name: 'title' in given ? given.title : (given.name ?? ''),
    stage,
    hasReply: reply !== null,
    code: String(reply?.code ?? 451),
    enhanced: reply?.enhanced ?? '',
    text: reply?.text ?? '',
    delay: showDelay(delay),
    then,
    afterBytes: given.afterBytes == null ? '' : String(given.afterBytes),
    without: (given.without ?? []).join(', '),
    when: {
      ...anyone,
      ...Object.fromEntries(
        Object.entries(when).map(([fact, value]) => [
          fact,
          Array.isArray(value) ? value.join(', ') : String(value ?? ''),
        ]),
      ),
    },
    times: showTimes(times),
  };
}

/** At another stage other things go together. */
export function moveTo(draft: Draft, stage: FaultStage): Draft {
  const hasReply = needsReply.includes(stage) || (draft.hasReply && stage !== 'tls');
  const isIdle = !hasReply && draft.then === 'continue' && (stage === 'tls' || stage === 'connect');
  const then = isIdle ? 'close' : draft.then;
  return { ...draft, stage, hasReply, then: endingsOf[stage].includes(then) ? then : 'continue' };
}

/** Whether a message can end in its middle. */
export const canBreakOff = ({ stage, hasReply, then }: Draft): boolean =>
  stage === 'data' && !hasReply && then !== 'continue';

const listOf = (text: string, parting: string | RegExp): string[] =>
  text
    .split(parting)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** What is no number goes as it is, for the server to say so. */
function number<T>(text: string, usual: T): number | T {
  if (text.trim() === '') return usual;
  const value = Number(text);
  return Number.isFinite(value) ? value : (text as unknown as number);
}

/** What the form asks for; all of it, so that a change leaves nothing of what was before. */
export function inputOf(draft: Draft): Body<'createFault'> & Body<'changeFault'> {
  const { stage, times } = draft;
  const when = Object.entries(draft.when)
    .filter(([fact, text]) => factsOf[stage].includes(fact) && text.trim() !== '')
    .map(([fact, text]) => [fact, fact === 'largerThan' ? number(text, 0) : listOf(text, ',')]);
  return {
    name: draft.name.trim() || null,
    stage,
    when: Object.fromEntries(when) as FaultRule['when'],
    times: {
      skip: number(times.skip, always.skip),
      every: number(times.every, always.every),
      chance: number(times.chance, always.chance),
      count: number(times.count, null),
      seed: number(times.seed, always.seed),
      per: countedPer(stage).includes(times.per) ? times.per : 'rule',
    },
    delay: draft.delay.trim() || 0,
    reply: draft.hasReply
      ? {
          code: number(draft.code, 0),
          enhanced: draft.enhanced.trim() || null,
          text: draft.text.replace(/\r/g, '').trimEnd(),
        }
      : null,
    then: draft.then,
    afterBytes: canBreakOff(draft) ? number(draft.afterBytes, null) : null,
    without: stage === 'ehlo' ? listOf(draft.without, /[\s,]/) : [],
  };
}

/** For the sentence: as far as it can be read. Null while nothing would happen. */
export function ruleOf(draft: Draft): Told | null {
  const { delay, ...rule } = inputOf(draft) as Told & { delay: string | number };
  const told = { ...rule, delay: parseDuration(String(delay)) ?? 0 };
  const isIdle = !told.reply && told.then === 'continue' && told.delay === 0 && told.without.length === 0;
  return isIdle ? null : told;
}
