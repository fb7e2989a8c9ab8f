// How a message came: the session that brought it, and which program spoke there.
import { untrack } from 'svelte';
import type { ClientGuess } from '../../shared/explain/client.ts';
import type { Message } from '../../shared/message.ts';
import type { Session } from '../../shared/session.ts';
import type { Client } from './client.ts';

/** A client shows itself early. */
const lineLimit = 500;

export class MessageArrival {
  session = $state.raw<Session | null>(null);
  guess = $state.raw<ClientGuess | null>(null);

  readonly #client: Pick<Client, 'readSession' | 'readTranscript'>;

  constructor(client: Pick<Client, 'readSession' | 'readTranscript'>) {
    this.#client = client;
  }

  /** Asks until the returned function is called. A session that is gone is no error: the message stands alone. */
  open(message: Message): () => void {
    const abort = new AbortController();
    untrack(() => {
      if (this.session?.id !== message.sessionId) this.session = null;
      this.guess = null;
    });
    void this.#load(message, abort.signal);
    return () => abort.abort();
  }

  async #load(message: Message, signal: AbortSignal): Promise<void> {
    const id = message.sessionId;
    if (id === null) return;
    try {
      const [session, transcript, { guessClient }] = await Promise.all([
        this.#client.readSession({ params: { id }, signal }),
        this.#client.readTranscript({ params: { id }, query: { limit: lineLimit }, signal }),
        import('../../shared/explain/client.ts'),
      ]);
      if (signal.aborted) return;
      this.session = session;
      this.guess = guessClient(session, transcript.items, message);
    } catch {
      // Deleted, or removed by retention.
    }
  }
}
