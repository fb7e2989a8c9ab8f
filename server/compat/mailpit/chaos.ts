// Mailpit's chaos, carried out by rules for faults: one for each trigger that has a probability, which are seen and
// counted like all others. So it is on at all times, as where Mailpit was started with --enable-chaos.
import { faultTimes, type Fault } from '../../../shared/fault.ts';
import { sendJson } from '../answers.ts';
import { readBody } from '../body.ts';
import type { CompatParts } from '../parts.ts';
import type { Call, Exchange } from '../router.ts';
import { refuse } from './asking.ts';
import { asFields, FieldProblem, fieldOf, wholeOf, type Fields } from './fields.ts';

const stages = { Sender: 'mail', Recipient: 'rcpt', Authentication: 'auth' } as const;
type Name = keyof typeof stages;
const names = Object.keys(stages) as Name[];

interface Trigger {
  ErrorCode: number;
  Probability: number;
}
type Triggers = Record<Name, Trigger>;

const usualCodes: Record<Name, number> = { Sender: 451, Recipient: 451, Authentication: 535 };
const ruleName = (name: Name): string => `Mailpit chaos: ${name}`;

/** What is missing is as it was at the start. */
function readTrigger(body: Fields, name: Name): Trigger {
  const fields = asFields(fieldOf(body, name), name);
  const whole = (field: string): number => wholeOf(fields, field, `Trigger.${name}.${field}`);
  return { ErrorCode: whole('ErrorCode') || usualCodes[name], Probability: whole('Probability') };
}

function problemOf({ ErrorCode, Probability }: Trigger): string | null {
  if (ErrorCode < 400 || ErrorCode > 599) return 'error code must be between 400 and 599';
  return Probability < 0 || Probability > 100 ? 'probability must be between 0 and 100' : null;
}

export function chaosCalls({ faults }: Pick<CompatParts, 'faults'>): Call[] {
  /** Codes of those without a probability, which no rule keeps. */
  const codes = { ...usualCodes };
  const rulesOf = (name: Name): Fault[] =>
    faults.list().filter((fault) => fault.source === 'api' && fault.name === ruleName(name));

  function current(name: Name): Trigger {
    const rule = rulesOf(name).find(({ enabled }) => enabled);
    return {
      ErrorCode: rule?.reply?.code ?? codes[name],
      Probability: rule ? Math.round(rule.times.chance) : 0,
    };
  }

  async function set(name: Name, { ErrorCode, Probability }: Trigger): Promise<void> {
    codes[name] = ErrorCode;
    await faults.removeAll({ ids: rulesOf(name).map(({ id }) => id) });
    if (Probability === 0) return;
    await faults.create({
      name: ruleName(name),
      stage: stages[name],
      // Each draws moments of its own.
      times: faultTimes.parse({ chance: Probability, seed: names.indexOf(name) + 1 }),
      reply: { code: ErrorCode, enhanced: null, text: `Chaos ${name.toLowerCase()} error` },
    });
  }

  const tell = ({ response }: Exchange): void =>
    sendJson(response, Object.fromEntries(names.map((name) => [name, current(name)])));

  let before: Promise<unknown> = Promise.resolve();
  /** Up to the first that cannot be, as there. */
  function setAll(triggers: Triggers): Promise<string | null> {
    const done = before.then(async () => {
      for (const name of names) {
        const problem = problemOf(triggers[name]);
        if (problem !== null) return problem;
        await set(name, triggers[name]);
      }
      return null;
    });
    before = done.catch(() => undefined);
    return done;
  }

  async function change(exchange: Exchange): Promise<void> {
    const body = await readBody(exchange);
    if (!body.ok) return refuse(exchange.response, body.problem, body.status);
    if (body.value === undefined) return refuse(exchange.response, 'EOF');
    let triggers: Triggers;
    try {
      const fields = asFields(body.value);
      triggers = Object.fromEntries(names.map((name) => [name, readTrigger(fields, name)])) as Triggers;
    } catch (error) {
      if (!(error instanceof FieldProblem)) throw error;
      return refuse(exchange.response, error.message);
    }
    const problem = await setAll(triggers);
    if (problem !== null) return refuse(exchange.response, problem);
    tell(exchange);
  }

  return [
    { method: 'GET', path: '/api/v1/chaos', answer: tell },
    { method: 'PUT', path: '/api/v1/chaos', answer: change },
  ];
}
