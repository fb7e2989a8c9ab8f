// Sends messages through SMTP, takes them back over the API, and holds what comes against what was sent and against
// what other parsers read.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../shared/client/client.ts';
import type { Message } from '../../shared/message.ts';
import type { Wire } from '../support/wire.ts';
import { compareReadings, written, type Disagreement } from './compare.ts';
import { asSent, type Input } from './inputs.ts';
import { ownReading } from './reading.ts';
import { reasonFor, type Reason } from './reasons.ts';
import type { SecondParser } from './second-parser.ts';
import { readWithMailparser } from './third-parser.ts';

export interface Target {
  /** Of the web port. */
  url: string;
  client: Client;
  wire(): Promise<Wire>;
}

export interface Explained extends Disagreement {
  reason: Reason;
  third: string | undefined;
}

export interface Measured {
  name: string;
  size: number;
  /** What is wrong of sending, storing or parsing; null: stored byte by byte and parsed. */
  fault: string | null;
  disagreements: Explained[];
}

const patienceMs = 60_000;
const messagesPerConnection = 100;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const stuff = (bytes: Buffer): Buffer =>
  bytes.includes('\n.') || bytes[0] === 46
    ? Buffer.from(bytes.toString('latin1').replace(/(^|\n)\./g, '$1..'), 'latin1')
    : bytes;

async function readParsed(client: Client, id: string): Promise<Message> {
  for (const end = Date.now() + patienceMs; ; await delay(20)) {
    const message = await client.readMessage({ params: { id } });
    if (message.parse !== 'pending') return message;
    if (Date.now() > end) throw new Error(`It was not parsed within ${patienceMs / 1000} s.`);
  }
}

async function measureOne(input: Input, target: Target, wire: Wire, second: SecondParser): Promise<Measured> {
  const sent = asSent(input.bytes);
  const result: Measured = { name: input.name, size: sent.length, fault: null, disagreements: [] };
  const reply = await wire.mail(stuff(sent));
  const id = /\bm_[\w-]+/.exec(reply)?.[0];
  if (id === undefined) return { ...result, fault: `Refused: ${reply.trim()}` };
  const raw = new Uint8Array(await (await fetch(`${target.url}/api/messages/${id}/raw`)).arrayBuffer());
  if (sha256(raw) !== sha256(sent)) return { ...result, fault: 'What is stored is not what was sent.' };
  const message = await readParsed(target.client, id);
  if (message.parse === 'failed') return { ...result, fault: `Not parsed: ${message.problem}` };
  const ours = ownReading(message);
  const found = compareReadings(ours, await second.read(sent));
  if (found.length === 0) return result;
  const third = (await readWithMailparser(sent)) ?? {};
  const disagreements = found.map((one) => {
    const vote = written(third, one.field);
    return { ...one, third: vote, reason: reasonFor(one, vote, sent) };
  });
  return { ...result, disagreements };
}

export async function* measure(
  inputs: AsyncIterable<Input> | Iterable<Input>,
  target: Target,
  second: SecondParser,
): AsyncGenerator<Measured> {
  let wire: Wire | undefined;
  let count = 0;
  for await (const input of inputs) {
    if (wire === undefined) {
      wire = await target.wire();
      await wire.hello();
    }
    try {
      yield await measureOne(input, target, wire, second);
    } catch (error) {
      yield { name: input.name, size: input.bytes.length, fault: String(error), disagreements: [] };
      count = messagesPerConnection;
    }
    if (++count < messagesPerConnection) continue;
    await wire[Symbol.asyncDispose]();
    wire = undefined;
    count = 0;
  }
  await wire?.[Symbol.asyncDispose]();
}
