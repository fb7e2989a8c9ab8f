// A message whole: the server waits some seconds for its parsing, and a busy machine may take longer.
import type { Message } from '../message.ts';
import { parseDuration } from '../units.ts';
import type { Client } from './client.ts';

const usually = 10_000;

/** Asks until it is parsed, at most about as long as `timeout`; then it is given as it is. */
export async function readParsed(
  client: Pick<Client, 'readMessage'>,
  input: Parameters<Client['readMessage']>[0],
  timeout: string | number | undefined,
): Promise<Message> {
  const patience = (typeof timeout === 'string' ? parseDuration(timeout) : timeout) ?? usually;
  const untilMs = Date.now() + Math.max(patience, usually);
  for (;;) {
    // The server answers as soon as it is parsed, so nothing is asked in vain.
    const message = await client.readMessage(input);
    if (message.parse !== 'pending' || Date.now() >= untilMs) return message;
  }
}
