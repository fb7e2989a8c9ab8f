// kill -9 in the middle of work: what a client was promised is there, once and whole.
import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openWire } from '../support/wire.ts';
import { idIn, startMailscope, temporaryFolder, type Mailscope } from './mailscope.ts';

const kills = 10;
const clients = 8;
const text = `${randomBytes(240_000).toString('base64').match(/.{76}/g)!.join('\r\n')}\r\n`;
const digest = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Sent {
  /** SHA-256 by subject of everything whose final dot may have been seen. */
  digests: Map<string, string>;
  /** Subject by id of what was acknowledged. */
  acknowledged: Map<string, string>;
}

/** 2 KB to 300 KB, each with a subject of its own; small ones are more frequent. */
function makeMessage(subject: string): string {
  const size = Math.round(2000 * 150 ** Math.random());
  const from = 78 * Math.floor((Math.random() * (text.length - size)) / 78);
  return `Subject: ${subject}\r\n\r\n${text.slice(from, from + 78 * Math.ceil(size / 78))}`;
}

/** Sends until the server is gone. */
async function sendUntilKilled(port: number, name: string, sent: Sent): Promise<void> {
  try {
    await using wire = await openWire(port);
    await wire.hello();
    for (let n = 0; ; n++) {
      const message = makeMessage(`${name}-${n}`);
      sent.digests.set(`${name}-${n}`, digest(message));
      sent.acknowledged.set(idIn(await wire.mail(message)), `${name}-${n}`);
    }
  } catch (error) {
    // Its end is not what is tested; a reply that is none is.
    if (!/^no (reply|close): |ECONNREFUSED|ECONNRESET|EPIPE/.test((error as Error).message)) throw error;
  }
}

async function listAll({ client }: Mailscope): Promise<{ id: string; subject: string; size: number }[]> {
  const all: { id: string; subject: string; size: number }[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: Awaited<ReturnType<typeof client.listMessages>> = await client.listMessages({
      query: { limit: 500, cursor },
    });
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

test('after ten kills under load every acknowledged message is there, once, with its bytes', async () => {
  await using folder = await temporaryFolder();
  const sent: Sent = { digests: new Map(), acknowledged: new Map() };
  const checked = new Set<string>();
  let spare = 0;

  const check = async (mailscope: Mailscope): Promise<void> => {
    const stored = await listAll(mailscope);
    expect(new Set(stored.map(({ subject }) => subject)).size, 'a message is there twice').toBe(
      stored.length,
    );
    const byId = new Map(stored.map((message) => [message.id, message]));
    for (const [id, subject] of sent.acknowledged)
      expect(byId.get(id)?.subject, `${id} was acknowledged`).toBe(subject);
    const fresh = stored.filter(({ id }) => !checked.has(id));
    for (const { id, subject } of fresh) {
      const raw = await mailscope.client.readRaw({ params: { id } });
      expect(digest(raw), `the bytes of ${subject}`).toBe(sent.digests.get(subject));
      checked.add(id);
    }
    const unacknowledged = fresh.filter(({ id }) => !sent.acknowledged.has(id)).length;
    expect(unacknowledged).toBeLessThanOrEqual(clients);
    spare += unacknowledged;
    expect(stored.length).toBe(sent.acknowledged.size + spare);

    const { items: sessions } = await mailscope.client.listSessions({ query: { limit: 500 } });
    expect(new Set(sessions.map(({ outcome }) => outcome))).toEqual(new Set(['interrupted']));
    const session = sessions.find(({ messages }) => messages > 0)!;
    const transcript = await mailscope.client.readTranscript({
      params: { id: session.id },
      query: { data: 'full' },
    });
    expect(transcript.items.length).toBeGreaterThan(0);
  };

  for (let kill = 0; kill < kills; kill++) {
    await using mailscope = await startMailscope(folder.path);
    if (kill > 0) await check(mailscope);
    const before = sent.acknowledged.size;
    const sending = Array.from({ length: clients }, (_, n) =>
      sendUntilKilled(mailscope.ports[0]!, `k${kill}c${n}`, sent),
    );
    // At any moment, but not before something was promised.
    const target = before + 5 + Math.floor(Math.random() * 100);
    const deadline = performance.now() + 20_000;
    while (sent.acknowledged.size < target && performance.now() < deadline)
      await new Promise((done) => setTimeout(done, 1));
    expect((await mailscope.stop('SIGKILL')).signal).toBe('SIGKILL');
    await Promise.all(sending);
    expect(sent.acknowledged.size).toBeGreaterThan(before);
  }

  await using mailscope = await startMailscope(folder.path);
  await check(mailscope);
  console.log(`${kills} kills: ${sent.acknowledged.size} acknowledged, ${spare} stored without having been`);
  expect((await mailscope.stop()).code).toBe(0);
}, 120_000);
