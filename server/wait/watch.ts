// What matches a query by now, kept up to date by the events.
export interface Watch<T> {
  readonly matched: ReadonlyMap<string, T>;
  /** Ids of those that may match and cannot be judged yet. */
  readonly pending: ReadonlySet<string>;
  /** Called whenever one of them may have changed. */
  onChange: () => void;
  /** Called when something cannot be read, and so not be told whether it matches. */
  onFailure: (error: unknown) => void;
  /** For `after` of the next wait. */
  cursor(): string;
  /** Takes up what is stored. Throws `invalid_request` where the log no longer reaches back. */
  look(): Promise<void>;
  /** Whether it lies behind `after`. */
  isFresh(item: T): boolean;
  stop(): void;
}
