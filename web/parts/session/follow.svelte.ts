// Whether the newest rows are followed. Rows that are measured move the end of a list as well, so only a hand that
// has just moved stops it.
const handMs = 1000;
const upKeys = new Set(['ArrowUp', 'PageUp', 'Home']);

export class Follow {
  /** Someone has scrolled away from the end, to read. */
  isHeld = $state(false);
  /** How many rows there were then. */
  seen = $state(0);
  #touchedMs = -Infinity;
  /** The hand went up: a scroll to the end that was under way is not its doing. */
  #isUp = false;

  /** `rows`: how many there are. */
  touched(event: Event, rows: number): void {
    this.#touchedMs = performance.now();
    this.#isUp =
      (event instanceof WheelEvent && event.deltaY < 0) ||
      (event instanceof KeyboardEvent && upKeys.has(event.key));
    if (this.#isUp) this.hold(rows);
  }

  scrolled(isAtEnd: boolean, rows: number): void {
    if (isAtEnd) {
      if (!this.#isUp) this.isHeld = false;
    } else if (performance.now() - this.#touchedMs < handMs) this.hold(rows);
  }

  hold(rows: number): void {
    if (this.isHeld) return;
    this.isHeld = true;
    this.seen = rows;
  }

  release(): void {
    this.isHeld = false;
    this.#isUp = false;
  }
}
