// Two recorded sessions and what differs between them.
import { untrack } from 'svelte';
import type { SessionComparison as Result } from '../../shared/compare/compare-sessions.ts';
import type { Ignore } from '../../shared/compare/line-meaning.ts';
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import type { Client } from './client.ts';

type Calls = Pick<Client, 'readSession' | 'readTranscript'>;

export interface Recorded {
  session: Session;
  lines: TranscriptLine[];
  /** The session has more lines than are compared. */
  isCut: boolean;
}

const pageLines = 5000;
/** As many as compareSessions looks at. */
const maxLines = 20_000;

export class SessionComparison {
  left = $state.raw<Recorded | null>(null);
  right = $state.raw<Recorded | null>(null);
  result = $state.raw<Result | null>(null);
  ignore = $state.raw<Ignore>({});
  error = $state.raw<unknown>(null);

  readonly #client: Calls;
  #ids: readonly [string, string] | null = null;
  #turn = 0;

  constructor(client: Calls) {
    this.#client = client;
  }

  open(left: string, right: string): void {
    untrack(() => {
      this.#ids = [left, right];
      void this.#load(left, right);
    });
  }

  retry(): void {
    if (this.#ids) this.open(...this.#ids);
  }

  /** What is left out of the comparison of lines. */
  setIgnore(change: Ignore): void {
    this.ignore = { ...this.ignore, ...change };
    void this.#compare(this.#turn);
  }

  async #load(left: string, right: string): Promise<void> {
    const turn = (this.#turn += 1);
    this.error = null;
    this.result = null;
    // The side that stays, stays.
    if (this.left?.session.id !== left) this.left = null;
    if (this.right?.session.id !== right) this.right = null;
    // Where one is gone, the other says which it was.
    const [one, other] = await Promise.allSettled([this.#read(left), this.#read(right)]);
    if (turn !== this.#turn) return;
    if (one.status === 'fulfilled') this.left = one.value;
    if (other.status === 'fulfilled') this.right = other.value;
    try {
      for (const side of [one, other]) if (side.status === 'rejected') throw side.reason;
      await this.#compare(turn);
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }

  async #read(id: string): Promise<Recorded> {
    const session = await this.#client.readSession({ params: { id } });
    const lines: TranscriptLine[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: pageLines, ...(cursor ? { cursor } : {}) };
      const page = await this.#client.readTranscript({ params: { id }, query });
      for (const line of page.items) lines.push(line);
      cursor = page.nextCursor ?? undefined;
    } while (cursor && lines.length < maxLines);
    return { session, lines, isCut: cursor !== undefined };
  }

  async #compare(turn: number): Promise<void> {
    const { compareSessions } = await import('../../shared/compare/compare-sessions.ts');
    if (turn !== this.#turn || !this.left || !this.right) return;
    this.result = compareSessions(this.left, this.right, this.ignore);
  }
}
