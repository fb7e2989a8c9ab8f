// What some servers take for the end of a message, and every way to cut it into segments.
import { expect } from 'vitest';
import type { Wire } from '../support/wire.ts';

export const ambiguousEnds = [
  ...['\n.\n', '\n.\r', '\r.\n', '\r.\r', '\n.\r\n', '\r.\r\n', '\r\n.\n', '\r\n.\r', '\r\n\0.\r\n'],
  ...['\r\n.\0\r\n', '\r\n.\r\r\n', '\r\r\n.\r\r\n', '\n\n.\r\n', '\r\n.\x85', '\r\n .\r\n', '\r\n.\t\r\n'],
];

/** Up to the 354. */
export async function begin(wire: Wire): Promise<void> {
  await wire.say('MAIL FROM:<a@b.test>');
  await wire.say('RCPT TO:<c@d.test>');
  expect(await wire.say('DATA')).toMatch(/^354 /);
}

/** Byte by byte, and in any two places in and around the bytes from `start` on. */
export function waysToCut(bytes: Buffer, start: number, length: number): number[][] {
  const places = Array.from({ length: length + 1 }, (_, n) => start + n);
  const pairs = places.flatMap((first) =>
    places.filter((second) => second > first).map((second) => [first, second]),
  );
  return [Array.from({ length: bytes.length - 1 }, (_, n) => n + 1), ...pairs];
}

export async function sendCut(wire: Wire, bytes: Buffer, cuts: number[]): Promise<void> {
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    wire.send(bytes.subarray(from, cut));
    from = cut;
    // Else the kernel puts together what is written in one go.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
