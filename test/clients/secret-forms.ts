// All the forms in which a secret could lie in an answer or in a file.
import type { Answer } from '../../shared/api.ts';
import type { Client } from '../../shared/client/client.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';

/** The part of the base64 of any text with `bytes` in it that does not depend on what stands around, by offset. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const from = Math.ceil((offset * 4) / 3);
    const to = Math.floor(((offset + bytes.length) * 4) / 3);
    return text.slice(from, to);
  });
}

/** Raw, base64 at each of the three offsets, base64 of base64, hex in both cases. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const once = base64Cores(bytes);
  const twice = once.flatMap((core) => base64Cores(Buffer.from(core)));
  const hex = bytes.toString('hex');
  return [secret, ...once, ...twice, hex, hex.toUpperCase()];
}

export const findForms = (content: Buffer | string, secret: string): string[] =>
  formsOf(secret).filter((form) => content.includes(form));

async function readLines(client: Client, id: string): Promise<TranscriptLine[]> {
  const lines: TranscriptLine[] = [];
  for (let cursor: string | null = '0'; cursor !== null;) {
    const page: Answer<'readTranscript'> = await client.readTranscript({
      params: { id },
      query: { data: 'full', limit: 5000, cursor },
    });
    lines.push(...page.items);
    cursor = page.nextCursor;
  }
  return lines;
}

/** Everything that the API gives about up to 500 sessions and messages; base64 in transcripts also decoded. */
export async function readWholeApi(client: Client): Promise<string> {
  const told: unknown[] = [await client.readStatus(), await client.listEvents({ query: { limit: 1000 } })];
  const { items: messages } = await client.listMessages({ query: { limit: 500 } });
  const { items: sessions } = await client.listSessions({ query: { limit: 500 } });
  told.push(messages, sessions);
  for (const { id } of messages) {
    told.push(await client.readMessage({ params: { id } }));
    told.push(Buffer.from(await client.readRaw({ params: { id } })).toString('latin1'));
  }
  for (const { id } of sessions) {
    const lines = await readLines(client, id);
    told.push(await client.readSession({ params: { id } }), lines);
    told.push(...lines.map(({ base64 }) => Buffer.from(base64 ?? '', 'base64').toString('latin1')));
    told.push(await client.readTranscriptText({ params: { id }, query: { data: 'full', limit: 5000 } }));
  }
  return told.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join('\n');
}
