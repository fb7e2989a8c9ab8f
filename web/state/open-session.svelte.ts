// The session that is open: its facts and its transcript, growing while it runs.
import { untrack } from 'svelte';
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import type { Client } from './client.ts';
import type { DeletionReason } from './deleted-rows.ts';
import type { Feed } from './live.svelte.ts';
import { SessionData } from './session-data.svelte.ts';
import { ClientGuess } from './session-guess.svelte.ts';

type Calls = Pick<Client, 'readSession' | 'readTranscript' | 'readMessage' | 'urlOf'>;

const pageLines = 2000;
/** More are loaded on request; the browser should not hold a flood by itself. */
const firstLines = 20_000;
const factsEveryMs = 250;

export class OpenSession {
  id = $state<string | null>(null);
  session = $state.raw<Session | null>(null);
  lines = $state.raw<readonly TranscriptLine[]>([]);
  /** Where the transcript goes on; null when all of it is here. */
  nextLine = $state<string | null>(null);
  loadingLines = $state(false);
  error = $state.raw<unknown>(null);
  /** It was deleted while it was open, and by what. */
  deleted = $state<DeletionReason | null>(null);
  /** Bytes of unfolded messages. */
  readonly data: SessionData;
  readonly guess: ClientGuess;

  readonly #client: Calls;
  readonly #feed: Feed;
  readonly #onfacts: (session: Session) => void;
  #turn = 0;
  /** More came, or the end, while lines were on their way that were read before. */
  #isBehind = false;
  #unwatch: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `onfacts` is told what was read of it. */
  constructor(client: Calls, feed: Feed, onfacts: (session: Session) => void = () => undefined) {
    this.#client = client;
    this.#feed = feed;
    this.#onfacts = onfacts;
    this.data = new SessionData(client);
    this.guess = new ClientGuess(client);
  }

  open(id: string): void {
    untrack(() => {
      if (this.id === id && this.session && !this.error) return;
      this.id = id;
      this.session = null;
      this.lines = [];
      this.deleted = null;
      this.data.open(id);
      this.guess.clear();
      void this.#load();
    });
  }

  retry(): void {
    void this.#load();
  }

  listen(): () => void {
    const stop = this.#feed.listen({
      event: ({ type, payload }) => {
        if (type === 'session:closed' && payload.session.id === this.id) void this.#finish();
        if (type === 'sessions:deleted' && this.#isIn(payload.ids)) this.deleted ??= payload.reason;
        if (type === 'sessions:restored' && this.#isIn(payload.ids)) {
          this.deleted = null;
          if (!this.session) void this.#load();
        }
      },
      ephemeral: (event) => {
        if (event.type === 'session:updated' && event.payload.session.id === this.id) this.#readFactsSoon();
      },
      reset: () => void this.#load(),
      resumed: () => (this.error ? void this.#load() : this.#readFactsSoon()),
    });
    return () => {
      stop();
      this.#stop();
    };
  }

  /** Goes on loading to a line of it that is asked for by its number. Read in an effect, it is called again with each page. */
  reach(line: number): void {
    const isThere = line < this.lines.length || line >= (this.session?.lines ?? 0);
    if (isThere || this.nextLine === null || this.loadingLines || this.error) return;
    untrack(() => void this.loadMoreLines(line + 1));
  }

  async loadMoreLines(until = Infinity): Promise<void> {
    const turn = this.#turn;
    const { id } = this;
    this.#isBehind = this.loadingLines;
    if (this.loadingLines || id === null) return;
    this.loadingLines = true;
    try {
      let cursor = this.lines.length > 0 ? this.#afterLast() : undefined;
      do {
        this.#isBehind = false;
        const { length } = this.lines;
        const query = { limit: pageLines, ...(cursor ? { cursor } : {}) };
        const page = await this.#client.readTranscript({ params: { id }, query });
        if (turn !== this.#turn) return;
        this.#append(page.items);
        this.nextLine = page.nextCursor;
        // Only as long as that brings anything: a number may be missing for good.
        const goesOn = this.#isBehind && this.lines.length > length;
        cursor = page.nextCursor ?? (goesOn ? this.#afterLast() : undefined);
      } while (cursor && this.lines.length < until);
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    } finally {
      if (turn === this.#turn) this.loadingLines = false;
    }
  }

  #afterLast(): string {
    return String((this.lines.at(-1)?.n ?? -1) + 1);
  }

  async #load(): Promise<void> {
    const turn = (this.#turn += 1);
    this.#stop();
    this.error = null;
    this.lines = [];
    this.nextLine = null;
    this.loadingLines = false;
    await this.#readFacts();
    if (turn !== this.#turn) return;
    // What is known of it from before has no lines any more.
    if (this.error) this.session = null;
    if (!this.session) return;
    await this.loadMoreLines(firstLines);
    if (turn !== this.#turn || this.session.outcome !== 'open') return;
    this.#unwatch = this.#feed.watchSession(this.session.id, this.lines.length, (lines) => {
      if (turn !== this.#turn) return;
      this.#append(lines);
      // What the lines say is in the facts as well; not every one of them is announced.
      this.#readFactsSoon();
    });
  }

  /** Lines have numbers without gaps, so what comes twice is known by its number. */
  #append(lines: readonly TranscriptLine[]): void {
    const expected = (this.lines.at(-1)?.n ?? -1) + 1;
    const fresh = lines.filter((line) => line.n >= expected);
    if (fresh.length === 0) return;
    if (fresh[0]?.n === expected) this.lines = [...this.lines, ...fresh];
    else void this.loadMoreLines(firstLines);
  }

  async #readFacts(): Promise<void> {
    const turn = this.#turn;
    const { id } = this;
    if (id === null) return;
    try {
      const session = await this.#client.readSession({ params: { id } });
      if (turn === this.#turn) this.#take(session);
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }

  #readFactsSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#readFacts();
    }, factsEveryMs);
  }

  /** Reads the facts while it runs; a failure is left to what has to have them. */
  async look(): Promise<void> {
    const { id } = this;
    const isRunning = (): boolean => this.id === id && this.session?.outcome === 'open';
    if (id === null || !isRunning()) return;
    const session = await this.#client.readSession({ params: { id } }).catch(() => null);
    if (session && isRunning()) this.#take(session);
  }

  #take(session: Session): void {
    this.session = session;
    this.#onfacts(session);
  }

  async #finish(): Promise<void> {
    this.#stop();
    await this.#readFacts();
    await this.loadMoreLines(firstLines);
  }

  #isIn(ids: readonly string[] | null): boolean {
    return this.id !== null && (ids ? ids.includes(this.id) : this.session?.outcome !== 'open');
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unwatch?.();
    this.#unwatch = undefined;
  }
}
