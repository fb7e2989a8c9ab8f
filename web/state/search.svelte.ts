// What a search box needs to know: whether a text can be read, what could come next, and what was looked for before.
import { completeSearch, type Completion } from '../../shared/search/complete-search.ts';
import { parseSearch, type SearchError } from '../../shared/search/parse-search.ts';
import type { SearchScope } from '../../shared/search/query.ts';
import { termsOfSearch, withoutTerm } from './search-terms.ts';

export type KnownValues = Partial<Record<string, readonly string[]>>;

interface Options {
  scope: SearchScope;
  /** What the list holds just now, by operator. */
  values: () => KnownValues;
  /** Whether anything matches a search. */
  finds: (query: string) => Promise<boolean>;
  storage?: Pick<Storage, 'getItem' | 'setItem'> | undefined;
}

const mostRecent = 8;
const mostWaysOut = 6;

export class Search {
  readonly scope: SearchScope;
  /** Searches that were finished by Enter or by leaving the box, the last one first. */
  recent = $state.raw<readonly string[]>([]);

  readonly #options: Options;

  constructor(options: Options) {
    this.scope = options.scope;
    this.#options = options;
    this.recent = this.#load();
  }

  errors(text: string): readonly SearchError[] {
    const parsed = parseSearch(text, this.scope);
    return parsed.ok ? [] : parsed.errors;
  }

  complete(text: string, caret: number): Completion {
    return completeSearch(text, caret, { scope: this.scope, values: this.#options.values(), limit: 40 });
  }

  remember(text: string): void {
    const found = text.trim();
    if (found === '' || this.errors(found).length > 0) return;
    this.#keep([found, ...this.recent.filter((known) => known !== found)].slice(0, mostRecent));
  }

  forget(): void {
    this.#keep([]);
  }

  /** The terms of a search that finds nothing, of which leaving one out alone finds something; and whether it has several. */
  async waysOut(text: string): Promise<{ waysOut: string[]; isLong: boolean }> {
    const terms = (termsOfSearch(text, this.scope) ?? []).slice(0, mostWaysOut);
    const isLong = terms.length > 1;
    if (!isLong) return { waysOut: [], isLong };
    const finds = await Promise.all(
      terms.map((term) => this.#options.finds(withoutTerm(text, term, this.scope)).catch(() => false)),
    );
    return { waysOut: terms.filter((_, index) => finds[index]), isLong };
  }

  get #key(): string {
    return `mailscope:searches:${this.scope}`;
  }

  #keep(recent: readonly string[]): void {
    this.recent = recent;
    try {
      this.#options.storage?.setItem(this.#key, JSON.stringify(recent));
    } catch {
      // Storage may be full or forbidden; they are then known to this page only.
    }
  }

  #load(): string[] {
    try {
      const stored: unknown = JSON.parse(this.#options.storage?.getItem(this.#key) ?? '[]');
      if (!Array.isArray(stored)) return [];
      return stored.filter((text) => typeof text === 'string').slice(0, mostRecent);
    } catch {
      return [];
    }
  }
}

/** The storage of this browser, where it lets us have it. */
export function browserStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
