// The bytes that lines of the transcript only stand for, loaded when someone unfolds them.
/* eslint-disable svelte/prefer-svelte-reactivity -- maps that are replaced, never changed in place */
import type { Client } from './client.ts';
import { readFirstBytes } from './session-bytes.ts';

export interface Unfolded {
  state: 'loading' | 'there' | 'failed';
  bytes: Uint8Array;
  /** There is more than is shown. */
  isCut: boolean;
  problem: string | null;
}

/** A megabyte of a line; the whole message is a download away. */
const limitBytes = 1024 * 1024;
const maxUnfolded = 12;

export class SessionData {
  /** By number of the line. */
  byLine = $state.raw<ReadonlyMap<number, Unfolded>>(new Map());

  readonly #client: Pick<Client, 'urlOf'>;
  #sessionId: string | null = null;
  #turn = 0;

  constructor(client: Pick<Client, 'urlOf'>) {
    this.#client = client;
  }

  /** Another session is open: nothing of the one before stays. */
  open(sessionId: string): void {
    this.#sessionId = sessionId;
    this.#turn += 1;
    this.byLine = new Map();
  }

  fold(line: number): void {
    const rest = new Map(this.byLine);
    rest.delete(line);
    this.byLine = rest;
  }

  async unfold(line: number): Promise<void> {
    const known = this.byLine.get(line);
    if (this.#sessionId === null || (known && known.state !== 'failed')) return;
    const turn = this.#turn;
    this.#put(line, { state: 'loading' });
    try {
      const query = { data: 'full', limit: 1, cursor: String(line) } as const;
      const url = this.#client.urlOf('readTranscript', { params: { id: this.#sessionId }, query });
      const answer = await fetch(url);
      if (!answer.ok || !answer.body) throw new Error(`The server answered ${answer.status}.`);
      const read = await readFirstBytes(answer.body, limitBytes);
      if (turn !== this.#turn || !this.byLine.has(line)) return;
      if (read) this.#put(line, { state: 'there', ...read });
      else this.#put(line, { state: 'failed', problem: 'These bytes were not kept.' });
    } catch (error) {
      if (turn !== this.#turn || !this.byLine.has(line)) return;
      this.#put(line, { state: 'failed', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  #put(line: number, change: Partial<Unfolded> & Pick<Unfolded, 'state'>): void {
    const all = new Map(this.byLine);
    all.delete(line);
    all.set(line, { bytes: new Uint8Array(), isCut: false, problem: null, ...change });
    // The one that was unfolded first is folded again.
    for (const first of all.keys()) if (all.size > maxUnfolded) all.delete(first);
    this.byLine = all;
  }
}
