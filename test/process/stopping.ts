// How long a stop may take: what is promised, and what the machine is slow by, which the start of the same process shows.
import { performance } from 'node:perf_hooks';
import { connect as connectTcp } from 'node:net';
import { expect } from 'vitest';
import type { Wire } from '../support/wire.ts';
import { startMailscope, type Mailscope } from './mailscope.ts';

export const goingDown = /^421 4\.3\.2 /;

export interface Timed extends Mailscope {
  /** Less than any time that a stop would wait for something. */
  atOnceMs: number;
  /** Within 10 s it is drained, and half a second later gone. */
  drainedMs: number;
}

export async function startTimed(...given: Parameters<typeof startMailscope>): Promise<Timed> {
  const since = performance.now();
  const mailscope = await startMailscope(...given);
  const startMs = performance.now() - since;
  return Object.assign(mailscope, { atOnceMs: 1000 + startMs, drainedMs: 10_500 + startMs });
}

/** Says all up to DATA, and begins the message. */
export async function beginData(mailscope: Mailscope, start: string): Promise<Wire> {
  const wire = await mailscope.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<ann@example.test>');
  await wire.say('RCPT TO:<bob@example.test>');
  expect(await wire.say('DATA')).toMatch(/^354 /);
  wire.send(start);
  return wire;
}

export async function isRefused(port: number): Promise<boolean> {
  const socket = connectTcp({ port, host: '127.0.0.1' });
  const refused = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
  });
  socket.destroy();
  return refused;
}

/** Once it takes no more connections it has heard the signal. */
export async function untilHeard({ ports }: Mailscope): Promise<void> {
  while (!(await isRefused(ports[0]!)));
}
