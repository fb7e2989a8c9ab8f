// Rules and failures of real servers, as the API gives them.
import type { Fault, FaultPreset } from '../../../shared/fault.ts';
import { explainFault } from '../../../shared/explain-fault.ts';

export function makeFault(id: string, given: Partial<Fault> = {}): Fault {
  const fault: Fault = {
    id,
    name: null,
    enabled: true,
    stage: 'rcpt',
    when: {},
    times: { skip: 0, every: 1, chance: 100, count: null, seed: 1, per: 'rule' },
    delay: 0,
    reply: { code: 550, enhanced: '5.1.1', text: 'No such user' },
    then: 'continue',
    afterBytes: null,
    without: [],
    text: '',
    source: 'api',
    createdAt: '2026-03-12T14:00:00.000Z',
    applied: 0,
    appliedAt: null,
    ...given,
  };
  return { ...fault, text: explainFault(fault) };
}

export const somePresets: FaultPreset[] = [
  {
    name: 'generic/mailbox-full',
    title: 'Mailbox full',
    text: 'The mailbox has no room. Try again later.',
    stage: 'rcpt',
    reply: { code: 452, enhanced: '4.2.2', text: 'The mailbox of {rcpt} is full' },
    then: 'continue',
  },
  {
    name: 'generic/no-starttls',
    title: 'No STARTTLS',
    text: 'EHLO does not offer it.',
    stage: 'ehlo',
    reply: null,
    then: 'continue',
    without: ['STARTTLS'],
  },
  {
    name: 'gmail/rate-limit',
    title: 'Too much mail to one user',
    text: 'Gmail puts off what comes too fast.',
    stage: 'rcpt',
    reply: { code: 450, enhanced: '4.2.1', text: 'The user you are trying to contact is receiving too fast' },
    then: 'continue',
    times: { every: 3 },
  },
];

export const someFaults: Fault[] = [
  makeFault('f_full', {
    name: 'Mailbox full',
    when: { to: ['*@full.test'] },
    times: { skip: 0, every: 2, chance: 100, count: null, seed: 1, per: 'rule' },
    applied: 14,
    appliedAt: '2026-03-12T14:20:00.000Z',
  }),
  makeFault('f_off', { enabled: false, stage: 'data', reply: null, then: 'reset', afterBytes: 2048 }),
  makeFault('f_config', { name: 'From the flags', source: 'config', stage: 'bounce', delay: 2000 }),
];
