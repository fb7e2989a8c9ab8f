// Which code has run in this thread, as V8 counts it.
import { Session } from 'node:inspector/promises';

export interface Coverage extends AsyncDisposable {
  /** Whether since the call before code ran that never had, or ran many times more often than ever. */
  grew(): Promise<boolean>;
  /** Characters of code that ran. */
  readonly size: number;
}

const magnitude = (count: number): number => 32 - Math.clz32(count);

/** Of the files that match. */
export async function watchCoverage(files: RegExp): Promise<Coverage> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  /** Of each function, for each of its characters, how often it ran at most. */
  const most = new Map<string, Uint8Array>();

  function take(name: string, ran: Uint8Array): boolean {
    const before = most.get(name);
    if (before === undefined) most.set(name, ran);
    else if (ran.some((times, at) => times > before[at]!))
      before.set(ran.map((n, at) => Math.max(n, before[at]!)));
    else return false;
    return true;
  }
  return {
    async grew() {
      let isMore = false;
      const { result } = await session.post('Profiler.takePreciseCoverage');
      for (const { scriptId, url, functions } of result.filter((script) => files.test(script.url))) {
        for (const { ranges } of functions) {
          const { startOffset: start, endOffset, count } = ranges[0]!;
          if (count === 0) continue;
          // Inner ranges come behind the one that they are in; those that did not run among them.
          const ran = new Uint8Array(endOffset - start);
          for (const range of ranges)
            ran.fill(magnitude(range.count), range.startOffset - start, range.endOffset - start);
          if (take(`${scriptId} ${url} ${start}`, ran)) isMore = true;
        }
      }
      return isMore;
    },
    get size() {
      let sum = 0;
      for (const ran of most.values()) for (const times of ran) sum += times > 0 ? 1 : 0;
      return sum;
    },
    async [Symbol.asyncDispose]() {
      await session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
