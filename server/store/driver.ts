// What a store is made of underneath: a way to run operations, and a place for bodies.
import type { InputOf, OutputOf, Reads, Writes } from './operations.ts';
import type { Timed } from './pace.ts';

export interface Driver {
  readonly id: string;
  readonly lastSessionSeq: number;
  /** The folder of body files; null where bodies stay in memory. */
  readonly bodies: string | null;
  /** So large that what is read may have to come from the disk, as the machine does not keep all of it. */
  isVeryLarge(): boolean;
  /** Of the newest event that was committed. */
  lastEventSeq(): number;
  write<N extends keyof Writes>(
    name: N,
    input: InputOf<Writes, N>,
    transfer?: ArrayBuffer[],
  ): Promise<OutputOf<Writes, N>>;
  /** The same for a step of a long change, with the time that it took. */
  step<N extends keyof Writes>(name: N, input: InputOf<Writes, N>): Promise<Timed<OutputOf<Writes, N>>>;
  read<N extends keyof Reads>(name: N, input: InputOf<Reads, N>): Promise<OutputOf<Reads, N>>;
  close(): Promise<void>;
}
