// Stores a message that came by an API: like one that came by SMTP, but without a session.
import type { EnvelopeAddress } from '../shared/transaction.ts';
import { nowUs } from './clock.ts';
import { newMessageId } from './ids.ts';
import { scanHeader } from './mail/scan-header.ts';
import type { ParseQueue } from './parse-queue.ts';
import type { Store } from './store/store.ts';

export interface Submission {
  raw: Buffer;
  from: string;
  to: string[];
  /** Who asked, where the call came with a login. */
  user: string | null;
}

const envelopeAddress = (address: string): EnvelopeAddress => ({ address, params: [], line: 0, reply: null });

/** Resolves with the id once the message is durable. Rejects as `Store.saveMessage` does; then nothing was stored. */
export function createSubmission(parts: {
  store: Store;
  parsing: ParseQueue;
  onStored(): void;
}): (mail: Submission) => Promise<string> {
  const { store, parsing, onStored } = parts;
  return async ({ raw, from, to, user }) => {
    const writer = store.createBody();
    try {
      await writer.write(raw);
      const body = await writer.finish();
      const id = newMessageId();
      await store.saveMessage(
        {
          ...{ id, body, user, origin: 'api', receivedAtUs: nowUs() },
          ...{ transaction: null, lines: null, tls: null, inboxes: ['default'] },
          wire: { dots: new Uint32Array(0), bdat: null },
          envelope: { from: envelopeAddress(from), to: to.map(envelopeAddress) },
          scanned: scanHeader(body.head),
        },
        null,
      );
      parsing.add(id, body.bytes);
      onStored();
      return id;
    } catch (error) {
      writer.discard();
      throw error;
    }
  };
}
