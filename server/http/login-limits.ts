// How often a wrong password may be tried: by one address, and by all together. Each failure uses up one attempt, and
// attempts come back with time. A right password costs nothing.
import { isIPv6 } from 'node:net';

interface Allowance {
  /** Failures in a row that are answered at once. */
  burst: number;
  /** After that one more in this time. */
  everyMs: number;
}
export const perAddress: Allowance = { burst: 10, everyMs: 5000 };
export const overall: Allowance = { burst: 100, everyMs: 500 };

const mostAddresses = 10_000;

/** Whoever has an IPv6 network has all its addresses: a /64 counts as one. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*/, '').split('::');
  const front = head.split(':').filter(Boolean);
  const back = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(Math.max(0, zeros)).fill('0'), ...back];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

export class LoginLimits {
  readonly #now: () => number;
  /** By network, when all its attempts will have come back. */
  readonly #fullAt = new Map<string, number>();
  #allFullAt = 0;
  /** Logged in once. What others do wrong does not hold them up. */
  readonly #known = new Set<string>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** 0: a password may be tried now. */
  waitMs(address: string): number {
    const network = networkOf(address);
    const own = this.#wait(this.#fullAt.get(network) ?? 0, perAddress);
    return this.#known.has(network) ? own : Math.max(own, this.#wait(this.#allFullAt, overall));
  }

  failed(address: string): void {
    const network = networkOf(address);
    const now = this.#now();
    if (this.#fullAt.size >= mostAddresses) this.#forget(now);
    this.#fullAt.set(network, Math.max(now, this.#fullAt.get(network) ?? 0) + perAddress.everyMs);
    this.#allFullAt = Math.max(now, this.#allFullAt) + overall.everyMs;
  }

  succeeded(address: string): void {
    const network = networkOf(address);
    this.#fullAt.delete(network);
    if (this.#known.size < mostAddresses) this.#known.add(network);
  }

  #wait(fullAt: number, { burst, everyMs }: Allowance): number {
    return Math.max(0, Math.ceil(fullAt - this.#now() - (burst - 1) * everyMs));
  }

  #forget(now: number): void {
    for (const [network, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(network);
    // Still as many: the limit of all together holds meanwhile.
    if (this.#fullAt.size >= mostAddresses) this.#fullAt.clear();
  }
}
