// Offsets of removed dots in the form in which they are kept.
import { StuffedDots } from '../../server/wire-bytes.ts';

export function packDots(offsets: Iterable<number>): Uint8Array {
  const dots = new StuffedDots();
  for (const offset of offsets) dots.add(offset);
  return dots.packed;
}
