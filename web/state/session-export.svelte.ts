// What an export needs beyond the lines that are on the page: the bytes that no stored message holds, and the whole
// transcript as text.
/* eslint-disable svelte/prefer-svelte-reactivity -- bookkeeping that nothing on the page reads */
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import type { Client } from './client.ts';
import { readSessionText } from './session-text.ts';

type Calls = Pick<Client, 'readTranscript' | 'readTranscriptText'>;

/** Lines whose bytes are fetched, and how long each may be. */
const maxBlobs = 40;
const maxBlobBytes = 64 * 1024;

const isMissing = (line: TranscriptLine): boolean =>
  (line.kind === 'data' || line.kind === 'raw') &&
  line.base64 === undefined &&
  line.messageId === undefined &&
  !line.lost &&
  line.bytes <= maxBlobBytes;

export class SessionExport {
  /** Every line that is there, with the bytes that only the transcript holds. */
  lines = $state.raw<TranscriptLine[] | null>(null);
  text = $state.raw<string | null>(null);
  error = $state.raw<unknown>(null);

  readonly #client: Calls;
  #id: string | null = null;
  #turn = 0;
  #isReading = false;
  #wanted: { session: Session; known: readonly TranscriptLine[] } | null = null;

  constructor(client: Calls) {
    this.#client = client;
  }

  /** What comes while it is read is read behind it, once: of a long session that takes many calls. */
  async open(session: Session, known: readonly TranscriptLine[]): Promise<void> {
    this.#wanted = { session, known };
    if (session.id !== this.#id) this.#begin(session.id);
    if (this.#isReading) return;
    this.#isReading = true;
    const turn = this.#turn;
    while (turn === this.#turn && this.#wanted) {
      const wanted = this.#wanted;
      this.#wanted = null;
      await this.#read(wanted.session, wanted.known, turn);
    }
    if (turn === this.#turn) this.#isReading = false;
  }

  #begin(id: string): void {
    this.#id = id;
    this.#turn += 1;
    this.#isReading = false;
    this.lines = null;
    this.text = null;
    this.error = null;
  }

  async #read(session: Session, known: readonly TranscriptLine[], turn: number): Promise<void> {
    try {
      const [lines, text] = await Promise.all([
        this.#withBytes(session.id, known),
        readSessionText(this.#client, session),
      ]);
      if (turn !== this.#turn) return;
      this.lines = lines;
      this.text = text;
      this.error = null;
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }

  async #withBytes(id: string, known: readonly TranscriptLine[]): Promise<TranscriptLine[]> {
    const full = new Map<number, TranscriptLine>();
    for (const { n } of known.filter(isMissing).slice(0, maxBlobs)) {
      const query = { data: 'full', limit: 1, cursor: String(n) } as const;
      const [line] = (await this.#client.readTranscript({ params: { id }, query })).items;
      if (line?.n === n) full.set(n, line);
    }
    return known.map((line) => full.get(line.n) ?? line);
  }
}
