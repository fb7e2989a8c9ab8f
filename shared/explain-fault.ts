// A fault as a sentence for people: what happens, when, to whom, and how often.
import type { FaultRule } from './fault.ts';
import type { FaultStage } from './fault-stages.ts';

const moments: Record<FaultStage, string> = {
  connect: 'the greeting',
  ehlo: 'EHLO',
  starttls: 'STARTTLS',
  tls: 'the TLS handshake',
  auth: 'AUTH',
  mail: 'MAIL FROM',
  rcpt: 'RCPT TO',
  data: 'DATA',
  message: 'the message',
  stored: 'the message, which is stored,',
  bounce: 'the message, which is stored and answered 250,',
  quit: 'QUIT',
};

const endings = {
  continue: '',
  close: 'the connection is closed',
  reset: 'the connection is reset',
  hang: 'nothing is answered any more',
};

const units: [number, string][] = [
  [60_000, ' min'],
  [1000, ' s'],
  [1, ' ms'],
];
const showDelay = (ms: number): string => {
  const [size, name] = units.find(([unit]) => ms % unit === 0)!;
  return `${ms / size}${name}`;
};

/** Of several lines the first. */
export function showReply({ code, enhanced, text }: NonNullable<FaultRule['reply']>): string {
  const [line, further] = text.split('\n', 2);
  return [String(code), enhanced, line, further !== undefined && '…'].filter(Boolean).join(' ');
}

type Told = Pick<
  FaultRule,
  'stage' | 'when' | 'times' | 'delay' | 'reply' | 'then' | 'afterBytes' | 'without'
>;

function whatHappens({ stage, delay, reply, then, afterBytes, without }: Told): string {
  const moment = moments[stage];
  const later = delay > 0 ? ` after ${showDelay(delay)}` : '';
  if (stage === 'bounce' && reply)
    return `${moment} comes back${later} with a delivery report: ${showReply(reply)}`;
  if (afterBytes !== null) return `After ${afterBytes} bytes of the message ${endings[then]}`;
  const parts: string[] = [];
  if (without.length > 0) parts.push(`does not offer ${without.join(', ')}`);
  // The greeting is what is said, and answers nothing.
  const [replied, came] = stage === 'connect' ? ['is', 'comes'] : ['is answered', 'is answered'];
  if (reply) parts.push(`${replied} ${showReply(reply)}${later}`);
  else if (then === 'continue' && later) parts.push(`${came}${later}`);
  const ending = endings[then];
  if (parts.length === 0) return `At ${moment}${later} ${ending}`;
  return `${moment} ${parts.join(' and ')}${ending && `, then ${ending}`}`;
}

const facts: Record<string, string> = {
  from: 'MAIL FROM is',
  to: 'RCPT TO is',
  user: 'the user is',
  client: 'the client calls itself',
  ip: 'the client is at',
  listener: 'the listener is',
};

function whom({ when }: Told): string {
  const conditions = Object.entries(when).flatMap(([fact, value]) => {
    if (value === undefined) return [];
    if (fact === 'largerThan') return [`it is larger than ${String(value)} bytes`];
    return [`${facts[fact]!} ${(value as string[]).join(' or ')}`];
  });
  return conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
}

const apart: Record<FaultRule['times']['per'], string> = {
  rule: '',
  session: ' in each session',
  transaction: ' in each mail',
  ip: ' for each client address',
  user: ' for each user',
  from: ' for each sender',
  to: ' for each recipient',
  triplet: ' for each client address, sender and recipient',
};

/** `2nd`, `11th`. */
function ordinal(n: number): string {
  const isTeen = n % 100 > 10 && n % 100 < 14;
  return `${n}${(isTeen ? undefined : ['', 'st', 'nd', 'rd'][n % 10]) || 'th'}`;
}

function howOften({ times: { skip, every, chance, count, per } }: Told): string {
  const said: string[] = [];
  if (skip > 0) said.push(`not the first ${skip === 1 ? 'time' : `${skip} times`}`);
  if (every > 1) said.push(`every ${ordinal(every)} time`);
  if (chance < 100) said.push(`in ${chance} % of the cases`);
  if (count !== null) said.push(count === 1 ? 'once' : `${count} times at most`);
  return said.length > 0 ? `, ${said.join(', ')}${apart[per]}` : '';
}

/** e.g. `RCPT TO is answered 550 5.1.1 No such user where RCPT TO is *@gone.test, once for each client address.` */
export function explainFault(rule: Told): string {
  const text = `${whatHappens(rule)}${whom(rule)}${howOften(rule)}.`;
  return text[0]!.toUpperCase() + text.slice(1);
}
