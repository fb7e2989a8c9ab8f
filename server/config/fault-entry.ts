// A simulated failure of the configuration: `gmail/over-quota`, or an object as the API takes it.
import { faultInput, type FaultRule } from '../../shared/fault.ts';
import { makeFault } from '../../shared/make-fault.ts';
import { UsageError } from './usage-error.ts';

const example =
  'Write the name of a preset such as generic/mailbox-full, or an object such as {"stage":"rcpt","when":{"to":"full@*"},"reply":{"code":452,"enhanced":"4.2.2","text":"Mailbox full"}}';

function inputOf(text: string): unknown {
  if (!text.startsWith('{')) return { preset: text };
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Throws UsageError. */
export function readFault(text: string): FaultRule {
  const refuse = (why: string, hint: string | null = null): UsageError =>
    new UsageError(`The fault ${text.slice(0, 100)} cannot be used.`, why, hint ?? example);
  const given = inputOf(text);
  if (given === undefined) throw refuse('It is not valid JSON.');
  const read = faultInput.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = issue?.path.map(String).join('.') ?? '';
    throw refuse(`${path === '' ? '' : `${path}: `}${issue?.message ?? 'is not valid'}.`);
  }
  const made = makeFault(read.data);
  if ('rule' in made) return made.rule;
  throw refuse(`${made.path === '' ? '' : `${made.path}: `}${made.problem}.`, made.hint);
}
