// What goes with each stage of a fault: plain data, so that a page can offer just that.
export const faultStages = [
  'connect',
  'ehlo',
  'starttls',
  'tls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'message',
  'stored',
  'bounce',
  'quit',
] as const;
export type FaultStage = (typeof faultStages)[number];

const peer = ['ip', 'listener'];
const greeted = [...peer, 'client', 'user'];
const envelope = [...greeted, 'from', 'to', 'largerThan'];

/** Which facts of `when` are known. */
export const factsOf: Record<FaultStage, readonly string[]> = {
  connect: peer,
  ehlo: greeted,
  starttls: greeted,
  tls: [...peer, 'client'],
  auth: greeted,
  mail: [...greeted, 'from', 'largerThan'],
  rcpt: envelope,
  data: envelope,
  message: envelope,
  stored: envelope,
  bounce: envelope,
  quit: greeted,
};

const anyEnding = ['continue', 'close', 'reset', 'hang'];

export const waysToCount = ['rule', 'session', 'transaction', 'ip', 'user', 'from', 'to', 'triplet'] as const;
export type WayToCount = (typeof waysToCount)[number];

/** For what it can be counted apart. */
export const countedPer = (stage: FaultStage): WayToCount[] =>
  waysToCount.filter(
    (per) =>
      per === 'rule' ||
      per === 'session' ||
      factsOf[stage].includes(per === 'triplet' || per === 'transaction' ? 'to' : per),
  );

/** How the session can go on. */
export const endingsOf: Record<FaultStage, readonly string[]> = {
  connect: anyEnding,
  ehlo: anyEnding,
  starttls: anyEnding,
  tls: anyEnding,
  auth: anyEnding,
  mail: anyEnding,
  rcpt: anyEnding,
  data: anyEnding,
  message: anyEnding,
  stored: anyEnding,
  bounce: ['continue'],
  quit: anyEnding,
};

export const needsReply: readonly FaultStage[] = ['bounce'];
