// What a row keeps of a transcript is opened as it was, whatever stands in a line.
import { expect, test } from 'vitest';
import {
  decodeContent,
  encodeContent,
  type TranscriptContent,
} from '../../server/store/records/transcript-content.ts';
import { transcriptLine, type TranscriptChunk, type TranscriptLine } from '../../shared/transcript.ts';
import { createRandom } from '../search/random.ts';

const random = createRandom(3);
const values: { [K in keyof Required<TranscriptLine>]: () => TranscriptLine[K] } = {
  n: () => random.below(1e6),
  atUs: () => random.below(1e9),
  from: () => random.pick(['client', 'server', null]),
  kind: () => random.pick(['command', 'reply', 'auth', 'data', 'tls', 'raw', 'event']),
  phase: () => random.pick(['plain', 'handshake', 'transaction 1', 'transaction 2', 'quit']),
  secure: () => random.chance(0.5),
  text: () => random.pick(['', '250 ok', 'é "quoted" \\ \u2028 \ufffd', '{"common":1}']),
  eol: () => random.pick(['CRLF', 'LF', 'CR', '']),
  base64: () => 'AP8=',
  masked: () => random.chance(0.5),
  code: () => random.pick([0, 250, 599]),
  enhanced: () => '2.1.0',
  more: () => random.chance(0.5),
  transaction: () => random.below(3),
  pipelined: () => random.chance(0.5),
  chunk: () => random.below(4),
  chunks: () => random.below(4),
  bytes: () => random.below(9),
  messageId: () => 'm_1',
  lost: () => random.chance(0.5),
  undelivered: () => random.below(3),
};
const optional = Object.entries(transcriptLine.shape)
  .filter(([, field]) => field.safeParse(undefined).success)
  .map(([name]) => name);

const lineWith = (has: (name: string) => boolean): TranscriptLine =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => !optional.includes(name) || has(name))
      .map(([name, value]) => [name, value()]),
  ) as TranscriptLine;

const chunk = (n: number): TranscriptChunk => ({
  n,
  atUs: random.below(1e9),
  from: random.pick(['client', 'server']),
  bytes: random.below(1e6),
  secure: random.chance(0.5),
});

test('lines with any of their fields, and chunks, are opened as they were kept', () => {
  expect(optional).toContain('undelivered');
  for (let n = 0; n < 200; n += 1) {
    const share = random.pick([0, 0.1, 0.5, 1]);
    const content: TranscriptContent = {
      lines: Array.from({ length: random.below(30) }, () => lineWith(() => random.chance(share))),
      chunks: Array.from({ length: random.below(30) }, (_, at) => chunk(at)),
    };
    expect(decodeContent(encodeContent(content))).toEqual(content);
  }
});

test('lines and chunks that an earlier build kept spelt out are opened, too', () => {
  const content = { lines: [lineWith(() => true), lineWith(() => false)], chunks: [chunk(0)] };
  expect(decodeContent(JSON.stringify(content))).toEqual(content);
});
