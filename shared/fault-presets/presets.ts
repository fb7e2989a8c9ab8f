// Failures of real servers, ready to be simulated, in the words of those servers.
import type { FaultPreset } from '../fault.ts';

export const faultPresets: readonly FaultPreset[] = [
  {
    name: 'generic/mailbox-full',
    title: 'Mailbox full',
    text: 'The recipient has no room left. Try again later, and give up after some days.',
    stage: 'rcpt',
    reply: { code: 452, enhanced: '4.2.2', text: '<{rcpt}>: mailbox is full' },
    then: 'continue',
  },
  {
    name: 'generic/greylist',
    title: 'Greylisting',
    text: 'Who comes for the first time is to try again. Try again after some minutes from the same address.',
    stage: 'rcpt',
    reply: { code: 451, enhanced: '4.7.1', text: 'Greylisted, please try again later' },
    then: 'continue',
    times: { count: 1, per: 'triplet' },
  },
];
