// A search that is being typed: when it is asked for, and when it is said that something is wrong with it.
import type { SearchError } from '../../../shared/search/parse-search.ts';
import { errorsAround } from './error-places.ts';

const searchAfterMs = 200;
const complainAfterMs = 700;
/** Who has not gone on by then has typed all of it. */
const complainAboutAllAfterMs = 2000;

/** What it needs of the box; each is asked anew, since the box may be given others. */
interface Box {
  /** What the list shows. */
  query: () => string;
  errorsOf: (text: string) => readonly SearchError[];
  onsearch: (text: string, isNew: boolean) => void;
  onremember: (text: string) => void;
}

export class Typing {
  text = $state('');
  caret = $state(0);
  isFocused = $state(false);
  readonly errors: readonly SearchError[] = $derived.by(() => this.#box.errorsOf(this.text));
  /** Those that are said by now. */
  readonly said: readonly SearchError[] = $derived.by(() => {
    if (!this.isFocused || this.#pace === 'finished') return this.errors;
    return this.#pace === 'resting' ? errorsAround(this.errors, this.caret) : [];
  });

  readonly #box: Box;
  /** Resting: nothing was typed for a moment. Finished: Enter was pressed, or the moment became long. */
  #pace = $state<'typing' | 'resting' | 'finished'>('resting');
  /** A row of changes has begun: one step back leads before all of them. */
  #isChanging = false;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  #complainTimer: ReturnType<typeof setTimeout> | undefined;
  #longTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(box: Box) {
    this.#box = box;
    this.text = box.query();
  }

  /** The address bar may change it too; a blank that is being typed is not taken away by that. */
  follow(query: string): void {
    if (query !== this.text.trim()) this.text = query;
  }

  changed(): void {
    this.stop();
    this.#pace = 'typing';
    this.#searchTimer = setTimeout(() => this.#search(), searchAfterMs);
    this.#complainTimer = setTimeout(() => (this.#pace = 'resting'), complainAfterMs);
    this.#longTimer = setTimeout(() => (this.#pace = 'finished'), complainAboutAllAfterMs);
  }

  /** Enter, or the focus goes elsewhere. */
  finish(): void {
    this.stop();
    this.#pace = 'finished';
    this.#search();
    this.#isChanging = false;
    if (this.errors.length === 0) this.#box.onremember(this.text);
  }

  leave(): void {
    this.isFocused = false;
    if (this.text.trim() !== '') this.finish();
    this.#isChanging = false;
  }

  clear(): void {
    this.#search();
    this.#isChanging = false;
  }

  /** Nothing more comes of what was typed last. */
  stop(): void {
    clearTimeout(this.#searchTimer);
    clearTimeout(this.#complainTimer);
    clearTimeout(this.#longTimer);
  }

  #search(): void {
    clearTimeout(this.#searchTimer);
    const wanted = this.text.trim();
    if (wanted === this.#box.query() || this.#box.errorsOf(wanted).length > 0) return;
    this.#box.onsearch(wanted, !this.#isChanging);
    this.#isChanging = true;
  }
}
