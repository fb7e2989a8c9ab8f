// The password of the web interface and the API, as the configuration keeps it: it can be compared and not read.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { UsageError } from './usage-error.ts';

// No least length: who guesses is slowed down, and most passwords here guard a loopback port.
const longest = 1000;

export class Password {
  // Of a key that only this process knows, so that what a dump shows of it is of no use elsewhere.
  readonly #key = randomBytes(32);
  readonly #kept: Buffer;

  constructor(text: string) {
    this.#kept = this.#digest(text);
  }

  /** Takes the same time whatever differs. */
  matches(given: string): boolean {
    return timingSafeEqual(this.#digest(given), this.#kept);
  }

  #digest(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}

/** Throws UsageError, which does not show it. */
export function readPassword(text: string): Password {
  if (text.length >= 1 && text.length <= longest && !/\p{Cc}/u.test(text)) return new Password(text);
  throw new UsageError(
    'The --password cannot be used.',
    `It has up to ${longest} characters, at least one, and no control characters.`,
    'Make one: node -p "crypto.randomBytes(12).toString(\'base64url\')".',
  );
}
