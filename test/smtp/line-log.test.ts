// The lines of a running session: whatever happens to a save, each line is stored once and none is lost.
import { expect, test } from 'vitest';
import { LineLog } from '../../server/smtp/record/line-log.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import { cpuNow } from '../support/cpu-time.ts';

const line = (n: number, more: Partial<TranscriptLine> = {}): TranscriptLine => ({
  n,
  atUs: n,
  from: 'client',
  kind: 'command',
  phase: 'plain',
  secure: false,
  text: `line ${n}`,
  eol: 'CRLF',
  bytes: 8,
  ...more,
});

function fill(log: LineLog, count: number): void {
  for (let turn = 0; turn < count; turn++) {
    log.addChunk(log.count, 'client', 8, false);
    log.add(line(log.count), Buffer.from(`${log.count}`));
  }
}

const numbers = (entries: { n: number }[]): number[] => entries.map(({ n }) => n);

test('what a failed save carried is carried by the next one, with what came meanwhile', () => {
  const log = new LineLog();
  fill(log, 3);
  const failed = log.take();
  fill(log, 2);
  log.restore(failed);
  const next = log.take();
  expect(numbers(next.lines)).toEqual([0, 1, 2, 3, 4]);
  expect(numbers(next.chunks)).toEqual([0, 1, 2, 3, 4]);
  expect(next.blobs.map(({ line }) => line)).toEqual([0, 1, 2, 3, 4]);
  log.drop(next);
  expect(log.read(0)).toEqual({ lines: [], chunks: [], blobs: [] });
});

test('a later save that succeeds takes nothing from an earlier one that fails', () => {
  const log = new LineLog();
  fill(log, 2);
  const first = log.take();
  fill(log, 2);
  const second = log.take();
  expect(numbers(log.read(1).lines)).toEqual([1, 2, 3]);
  log.restore(first);
  log.drop(second);
  expect(log.saving).toBe(false);
  fill(log, 1);
  const again = log.take();
  expect(numbers(again.lines)).toEqual([0, 1, 4]);
  expect(numbers(again.chunks)).toEqual([0, 1, 4]);
});

test('a line of a failed save can be changed again', () => {
  const log = new LineLog();
  fill(log, 1);
  log.add(line(1, { kind: 'data', messageId: 'm_1' }));
  fill(log, 1);
  log.restore(log.take());
  log.amend(1, { messageId: undefined, lost: true });
  expect(log.take().lines[1]).toEqual(line(1, { kind: 'data', lost: true }));
});

test('a hundred thousand lines are changed in no time', () => {
  const log = new LineLog();
  fill(log, 100_000);
  const startedMs = cpuNow();
  for (let n = 0; n < 100_000; n++) log.amend(n, { messageId: 'm_1' });
  expect(cpuNow() - startedMs).toBeLessThan(1000);
});

const mebibyte = Buffer.alloc(1024 * 1024);

/** Takes what there is as if it were stored, and gives which lines have lost their bytes. */
function store(log: LineLog): (number | undefined)[] {
  const piece = log.take();
  log.drop(piece);
  expect(numbers(piece.lines.filter(({ lost }) => !lost))).toEqual(piece.blobs.map((blob) => blob.line));
  return numbers(piece.lines.filter(({ lost }) => lost));
}

test('what goes over the bounds of a session is counted, and the session says that it is cut', () => {
  const log = new LineLog();
  for (let n = 0; n < 63; n++) {
    log.add(line(n), mebibyte);
    expect(store(log)).toEqual([]);
  }
  expect(log.truncated).toBe(false);
  for (let n = 63; n < 66; n++) log.add(line(n), mebibyte);
  expect(log.truncated).toBe(true);
  expect(store(log)).toEqual([63, 64, 65]);
});

test('while nothing can be stored, what a client sends does not fill the memory', () => {
  const log = new LineLog();
  for (let n = 0; n < 10; n++) {
    log.add(line(n), mebibyte);
    log.restore(log.take());
  }
  expect(log.truncated).toBe(true);
  expect(store(log)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  for (let n = 10; n < 13; n++) log.add(line(n), mebibyte);
  expect(store(log)).toEqual([]);
});
