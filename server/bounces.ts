// Sends delivery reports for messages that a simulated failure has come back: each is stored first and answered 250,
// then a report goes to its MAIL FROM, as the sender's own server would send one.
import { randomUUID } from 'node:crypto';
import { defaultInbox } from '../shared/inbox-name.ts';
import { acceptedOf, type EnvelopeAddress } from '../shared/transaction.ts';
import { nowUs } from './clock.ts';
import type { FaultEngine } from './faults/engine.ts';
import type { Log } from './log.ts';
import { maxReturned, writeBounce, type BouncedRecipient } from './mail/bounce-report.ts';
import { isNotified } from './mail/dsn-parameters.ts';
import type { Arrival } from './smtp/arrival.ts';
import type { StoredBody } from './store/store.ts';
import type { Submission } from './submission.ts';

/** Recipients of all reports that wait for their time, which is up to 10 minutes; they are kept in memory. */
export const maxWaiting = 10_000;
/** In the report of one message. */
export const maxRecipients = 500;

interface Bounce {
  id: string;
  from: EnvelopeAddress;
  client: string | null;
  receivedAtUs: number;
  inboxes: string[];
  recipients: BouncedRecipient[];
}

export interface Bounces extends AsyncDisposable {
  /** The message is stored. Says in its session what will come of it. */
  consider(arrival: Arrival): void;
}

export function createBounces(parts: {
  faults: Pick<FaultEngine, 'awaits' | 'decide'>;
  /** Under which the sandbox speaks. */
  host: string;
  findBody(id: string): Promise<StoredBody | undefined>;
  submission: Pick<Submission, 'store'>;
  /** One that was deleted meanwhile takes no mail. */
  hasInbox(name: string): boolean;
  log: Log;
}): Bounces {
  const { faults, log } = parts;
  // --name may be any word for the greeting; in an address not every one can stand.
  const host = /^[\w.-]+$/.test(parts.host) ? parts.host : 'localhost';
  const waiting = new Set<NodeJS.Timeout>();
  /** One after the other: each has the whole mail in memory. */
  let sending = Promise.resolve();
  let unsent = 0;
  let waitingRecipients = 0;
  let isClosed = false;

  async function send({ id, from, client, receivedAtUs, recipients, inboxes }: Bounce): Promise<void> {
    const report = writeBounce({
      ...{ host, from, client, recipients },
      arrivedAt: new Date(receivedAtUs / 1000),
      reportedAt: new Date(nowUs() / 1000),
      original: await readOriginal(await parts.findBody(id)),
      unique: randomUUID(),
    });
    const also = inboxes.filter((name) => name !== defaultInbox && parts.hasInbox(name));
    await parts.submission.store([report], { from: '', to: [from.address], origin: 'bounce', also });
  }

  function sendAfter(delayMs: number, bounce: Bounce): void {
    unsent += 1;
    waitingRecipients += bounce.recipients.length;
    const timer = setTimeout(() => {
      waiting.delete(timer);
      sending = sending.then(() => sendDue(bounce));
    }, delayMs);
    waiting.add(timer);
  }

  async function sendDue(bounce: Bounce): Promise<void> {
    if (isClosed) return;
    unsent -= 1;
    waitingRecipients -= bounce.recipients.length;
    await send(bounce).catch((error: unknown) =>
      log.error(`The bounce of ${bounce.id} could not be stored`, error),
    );
  }

  return {
    consider({ id, receivedAtUs, transaction, recorder, user, body }) {
      const { from } = transaction;
      // RFC 5321 4.5.5: a report about a report would go round for ever.
      if (isClosed || from.address === '' || !faults.awaits('bounce')) return;
      const { session } = recorder;
      const recipients: BouncedRecipient[] = [];
      const room = Math.min(maxRecipients, maxWaiting - waitingRecipients);
      let leftOut = 0;
      let delayMs = 0;
      for (const { address, params } of acceptedOf(transaction)) {
        if (recipients.length >= room) {
          leftOut += 1;
          continue;
        }
        if (!isNotified(params, 'FAILURE') && !isNotified(params, 'DELAY')) continue;
        const fault = faults.decide('bounce', {
          ...{
            sessionId: session.id,
            transaction: transaction.n,
            ip: session.peer.address,
            listener: session.listener,
          },
          ...{ client: session.clientName, user, from: from.address, to: [address], size: body.size },
        });
        if (!fault?.reply) continue;
        const { id: rule, name, reply, text } = fault;
        const isWanted = isNotified(params, reply.code < 500 ? 'DELAY' : 'FAILURE');
        const unless = isWanted ? '' : ` NOTIFY of ${address} asks for no such report, so none is sent.`;
        recorder.fault({ id: rule, name, stage: 'bounce', text: `${text}${unless}` });
        if (!isWanted) continue;
        recipients.push({ address, params, reply });
        delayMs = Math.max(delayMs, fault.delayMs);
      }
      if (leftOut > 0) {
        const why =
          room < maxRecipients
            ? `${maxWaiting} wait for theirs already`
            : `a report has ${maxRecipients} at most`;
        recorder.event(
          `No bounce is simulated for the last ${leftOut > 1 ? `${leftOut} recipients` : 'recipient'}: ${why}.`,
        );
        recorder.changed();
      }
      if (recipients.length === 0) return;
      const { inboxes = [] } = transaction;
      sendAfter(delayMs, { id, from, client: session.clientName, receivedAtUs, inboxes, recipients });
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      for (const timer of waiting) clearTimeout(timer);
      if (unsent > 0) log.debug(`Bounces that are not sent any more: ${unsent}`);
      await sending;
    },
  };
}

/** Of a large one no more than shows that it is too large to come back whole. */
async function readOriginal(body: StoredBody | undefined): Promise<Buffer | null> {
  if (!body) return null;
  if (body.size <= maxReturned) return body.bytes();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body.stream() as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxReturned) break;
  }
  return Buffer.concat(chunks);
}
