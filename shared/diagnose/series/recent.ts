// What is remembered of the last while, by key: bounded, and without a clock of its own.

/** Keys that are remembered at once; the one that was touched longest ago goes first. */
const mostKeys = 500;

export class Recent<T> {
  readonly #byKey = new Map<string, T>();

  find(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  /** Makes it the newest. */
  keep(key: string, value: T): void {
    this.#byKey.delete(key);
    this.#byKey.set(key, value);
    if (this.#byKey.size <= mostKeys) return;
    for (const oldest of this.#byKey.keys()) {
      this.#byKey.delete(oldest);
      return;
    }
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }
}

/** One of several that belong together. */
export interface Seen {
  atUs: number;
  /** Of the session. */
  id: string;
}

const mostSeen = 50;

/** Those within the time before `next`, and it. */
export const withinTime = (seen: readonly Seen[], next: Seen, spanUs: number): Seen[] =>
  [...seen.filter(({ atUs }) => next.atUs - atUs <= spanUs), next].slice(-mostSeen);

export const secondsOf = (seen: readonly Seen[]): number =>
  seen.length === 0 ? 0 : Math.max(1, Math.round((seen.at(-1)!.atUs - seen[0]!.atUs) / 1e6));
