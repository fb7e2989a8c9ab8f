// What is asked of the server and not answered yet. Work that takes long is shown; short work never flickers.
const longMs = 350;

export class Work {
  isLong = $state(false);

  #pending = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Counts until the promise is settled, and gives it back. */
  track<T>(promise: Promise<T>): Promise<T> {
    this.#pending += 1;
    this.#timer ??= setTimeout(() => (this.isLong = true), longMs);
    const done = (): void => {
      this.#pending -= 1;
      if (this.#pending > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.isLong = false;
    };
    promise.then(done, done);
    return promise;
  }
}
