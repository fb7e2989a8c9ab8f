// Which lines came in one read or write. A pipelined command stands after the reply to the command before it, so
// the lines of one packet need not be neighbours.
import type { Side, TranscriptLine } from '../../../shared/transcript.ts';

/** How a packet of several lines passes a row: `through` where a line of the other side stands in between. */
export type Rail = 'first' | 'middle' | 'last' | 'through';

export interface Packets {
  /** By index of the line. */
  rails: readonly { client?: Rail; server?: Rail }[];
  /** How many lines one packet brought, by the index of the first of them; only where they are several. */
  counts: ReadonlyMap<number, number>;
}

interface Open {
  members: number[];
  /** The read or write that brought the last byte so far. */
  lastChunk: number;
  isOne: boolean;
}

export function readPackets(lines: readonly TranscriptLine[]): Packets {
  const rails: { client?: Rail; server?: Rail }[] = lines.map(() => ({}));
  const counts = new Map<number, number>();
  const open: Record<Side, Open | null> = { client: null, server: null };

  const close = (side: Side): void => {
    const packet = open[side];
    open[side] = null;
    if (!packet || packet.members.length < 2) return;
    const [first = 0, last = 0] = [packet.members[0], packet.members.at(-1)];
    for (let index = first; index <= last; index += 1) rails[index]![side] = 'through';
    for (const index of packet.members) rails[index]![side] = 'middle';
    rails[first]![side] = 'first';
    rails[last]![side] = 'last';
    if (packet.isOne) counts.set(first, packet.members.length);
  };

  lines.forEach(({ from, chunk, chunks = 1 }, index) => {
    if (from === null || chunk === undefined) return;
    const packet = open[from];
    if (packet && chunk <= packet.lastChunk) {
      packet.members.push(index);
      packet.isOne &&= chunks === 1;
      packet.lastChunk = Math.max(packet.lastChunk, chunk + chunks - 1);
    } else {
      close(from);
      open[from] = { members: [index], lastChunk: chunk + chunks - 1, isOne: chunks === 1 };
    }
  });
  close('client');
  close('server');
  return { rails, counts };
}
