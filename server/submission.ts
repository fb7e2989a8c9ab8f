// Stores a message that came by an API: like one that came by SMTP, but without a session.
import type { MessageSummary } from '../shared/message.ts';
import type { EnvelopeAddress } from '../shared/transaction.ts';
import { defaultInbox } from '../shared/inbox-name.ts';
import { MailscopeError } from '../shared/errors.ts';
import { nowUs } from './clock.ts';
import { newMessageId } from './ids.ts';
import type { RoutedMail } from './inbox/router.ts';
import { findHeaders } from './mail/find-headers.ts';
import { scanEnvelope } from './mail/scan-envelope.ts';
import { scanHeader } from './mail/scan-header.ts';
import { senderTags } from './mail/sender-tags.ts';
import type { ParseQueue } from './parse-queue.ts';
import type { StorageWatch } from './storage-watch.ts';
import type { Store } from './store/store.ts';

/** What is not given is read from the header. */
export interface SubmittedEnvelope {
  from?: string | undefined;
  to?: string[] | undefined;
  origin: 'api' | 'import' | 'bounce';
  /** Who asked, where the call came with a login. */
  user?: string | null;
  /** Besides those that the message itself asks for. */
  tags?: string[];
  /** Inboxes that it goes to besides those that take it. */
  also?: string[];
}

export interface Submission {
  /** In bytes. */
  maxSize: number;
  /**
   * Resolves once the message is durable. Rejects as `Store.saveMessage` does, and with what reading `chunks` throws;
   * then nothing was stored.
   */
  store(chunks: AsyncIterable<Buffer> | Buffer[], envelope: SubmittedEnvelope): Promise<MessageSummary>;
}

// There was no command, so there are no parameters, no line and no reply.
const envelopeAddress = (address: string): EnvelopeAddress => ({ address, params: [], line: 0, reply: null });

/** The default one has what no other takes. */
function withFurther(routed: string[], also: string[]): string[] {
  if (also.length === 0) return routed;
  return [...new Set([...routed.filter((name) => name !== defaultInbox), ...also])].sort();
}

export function createSubmission(
  {
    store,
    storage,
    parsing,
    maxSize,
    route,
  }: {
    store: Store;
    storage: StorageWatch;
    parsing: ParseQueue;
    maxSize: number;
    route(mail: RoutedMail): string[];
  },
  onStored: () => void,
): Submission {
  return {
    maxSize,
    async store(chunks, { from, to, origin, user = null, tags = [], also = [] }) {
      const problem = storage.problemFor(0);
      if (problem !== null) throw new MailscopeError('storage_full', `No room: ${problem}.`);
      const writer = store.createBody();
      try {
        for await (const chunk of chunks) await writer.write(chunk);
        const body = await writer.finish();
        const scanned = scanEnvelope(body.head);
        const [sender, recipients] = [from ?? scanned.from, to ?? scanned.to];
        const headers: RoutedMail['headers'] = (names) => findHeaders(body.head, names);
        const inboxes = withFurther(route({ user, recipients, headers }), also);
        const id = newMessageId();
        const stored = await store.saveMessage(
          {
            ...{ id, origin, body, receivedAtUs: nowUs() },
            ...{ transaction: null, lines: null, tls: null, user, inboxes },
            wire: { dots: new Uint8Array(0), bdat: null },
            envelope: {
              from: envelopeAddress(sender),
              to: recipients.map(envelopeAddress),
            },
            scanned: scanHeader(body.head),
            tags: [...tags, ...senderTags(body.head, { recipients, inboxes })],
          },
          null,
        );
        storage.worked();
        parsing.add(id, body.bytes);
        onStored();
        return stored;
      } catch (error) {
        writer.discard();
        storage.failed(error);
        throw error;
      }
    },
  };
}
