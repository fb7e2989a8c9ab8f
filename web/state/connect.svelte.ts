// What comes while one sets up a client: the first mail, or the session that failed and why.
import { untrack } from 'svelte';
import type { MessageSummary } from '../../shared/message.ts';
import type { Session, SessionSummary } from '../../shared/session.ts';
import type { Client } from './client.ts';
import type { Feed } from './live.svelte.ts';

type Calls = Pick<Client, 'readSession' | 'sendSample' | 'readCa'>;

export type Arrival =
  | { step: 'waiting' }
  | { step: 'running'; session: SessionSummary }
  | { step: 'arrived'; message: MessageSummary }
  | { step: 'failed'; session: Session };

export type SampleKind = 'html' | 'text' | 'attachment';

export class Connect {
  arrival = $state.raw<Arrival>({ step: 'waiting' });
  /** The listener that the settings are for; null for the first. */
  listener = $state<string | null>(null);
  hasLogin = $state(false);
  isSending = $state(false);
  error = $state.raw<unknown>(null);
  /** Null until it is known; there is none where a certificate was given at the start. */
  hasCa = $state<boolean | null>(null);

  readonly #client: Calls;
  /** Of two failed sessions, only the later is shown. */
  #turn = 0;

  constructor(client: Calls) {
    this.#client = client;
  }

  /** Waits for a mail, until the returned function is called. */
  watch(feed: Feed): () => void {
    untrack(() => this.again());
    this.lookForCa();
    return feed.listen({
      event: ({ type, payload }) => {
        if (type === 'message:stored') this.#show({ step: 'arrived', message: payload.message });
        if (type === 'message:parsed') this.#refresh(payload.message);
        if (type === 'session:closed') void this.#end(payload.session);
      },
      ephemeral: ({ type, payload }) => {
        if (type === 'session:opened') this.#begin(payload.session);
      },
      reset: () => this.again(),
    });
  }

  lookForCa(): void {
    untrack(() => {
      if (this.hasCa === null) void this.#readCa();
    });
  }

  /** Forgets what came, and waits anew. */
  again(): void {
    this.#show({ step: 'waiting' });
  }

  async sendSample(kind: SampleKind): Promise<{ messageId: string; sessionId: string } | null> {
    this.isSending = true;
    this.error = null;
    try {
      return await this.#client.sendSample({ body: { kind } });
    } catch (error) {
      this.error = error;
      return null;
    } finally {
      this.isSending = false;
    }
  }

  #show(arrival: Arrival): void {
    this.#turn += 1;
    this.arrival = arrival;
  }

  #begin(session: SessionSummary): void {
    if (this.arrival.step === 'arrived') return;
    this.#show({ step: 'running', session });
  }

  /** The stored row has no snippet yet; the parsed one has. */
  #refresh(message: MessageSummary): void {
    if (this.arrival.step === 'arrived' && this.arrival.message.id === message.id)
      this.arrival = { step: 'arrived', message };
  }

  async #end(closed: SessionSummary): Promise<void> {
    if (closed.outcome === 'captured' || closed.outcome === 'open') return;
    // A health check after the first mail is no news.
    if (closed.outcome === 'no-command' && this.arrival.step === 'arrived') return;
    const turn = (this.#turn += 1);
    try {
      const session = await this.#client.readSession({ params: { id: closed.id } });
      if (turn === this.#turn) this.#show({ step: 'failed', session });
    } catch {
      // Deleted by now, or the server has stopped, which the frame says.
    }
  }

  async #readCa(): Promise<void> {
    try {
      await this.#client.readCa();
      this.hasCa = true;
    } catch {
      this.hasCa = false;
    }
  }
}
