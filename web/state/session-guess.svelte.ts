// Which program the client of the open session probably is.
import type { ClientGuess as Guess } from '../../shared/explain/client.ts';
import type { Message } from '../../shared/message.ts';
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import type { Client } from './client.ts';

export class ClientGuess {
  current = $state.raw<Guess | null>(null);
  /** Whether it was looked for, so that null means "cannot be told". */
  ready = $state(false);

  readonly #client: Pick<Client, 'readMessage'>;
  #message: { id: string; read: Promise<Message | undefined> } | null = null;
  #turn = 0;

  constructor(client: Pick<Client, 'readMessage'>) {
    this.#client = client;
  }

  clear(): void {
    this.#turn += 1;
    this.#message = null;
    this.current = null;
    this.ready = false;
  }

  async read(session: Session, lines: readonly TranscriptLine[]): Promise<void> {
    const turn = (this.#turn += 1);
    const id = session.messageIds[0];
    if (id !== undefined && this.#message?.id !== id) {
      // A message that is gone leaves the other marks.
      this.#message = { id, read: this.#client.readMessage({ params: { id } }).catch(() => undefined) };
    }
    const message = await (id === undefined ? undefined : this.#message?.read);
    const { guessClient } = await import('../../shared/explain/client.ts');
    if (turn !== this.#turn) return;
    this.current = guessClient(session, lines, message);
    this.ready = true;
  }
}
