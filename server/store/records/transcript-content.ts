// Lines and chunks of a transcript as a row keeps them. What many lines have in common is written once: a session makes
// some twenty lines and nearly as many chunks, and spelt out they take more room than most mail.
import type { TranscriptChunk, TranscriptLine } from '../../../shared/transcript.ts';
import { damagedText, orInstead } from '../sqlite/damage.ts';

export interface TranscriptContent {
  lines: TranscriptLine[];
  chunks: TranscriptChunk[];
}

type Common = Pick<
  TranscriptLine,
  'from' | 'kind' | 'phase' | 'secure' | 'eol' | 'transaction' | 'more' | 'pipelined' | 'masked'
>;
type Rare = Pick<TranscriptLine, 'base64' | 'enhanced' | 'chunks' | 'messageId' | 'lost' | 'undelivered'>;

type KeptLine = [
  common: number,
  n: number,
  atUs: number,
  bytes: number,
  text: string,
  chunk: number | null,
  code: number | null,
  rare?: Rare,
];
type KeptChunk = [n: number, atUs: number, bytes: number, side: number];
interface Kept {
  common: Common[];
  lines: KeptLine[];
  chunks: KeptChunk[];
}

/** Of chunks: who, and whether inside TLS. */
const sides = [
  { from: 'client', secure: false },
  { from: 'server', secure: false },
  { from: 'client', secure: true },
  { from: 'server', secure: true },
] as const;

const haveInCommon = (line: Common, other: Common): boolean =>
  line.from === other.from &&
  line.kind === other.kind &&
  line.phase === other.phase &&
  line.secure === other.secure &&
  line.eol === other.eol &&
  line.transaction === other.transaction &&
  line.more === other.more &&
  line.pipelined === other.pipelined &&
  line.masked === other.masked;

function rareOf(line: TranscriptLine): Rare | undefined {
  const { base64, enhanced, chunks, messageId, lost, undelivered } = line;
  if (enhanced === undefined && (chunks ?? base64 ?? messageId ?? lost ?? undelivered) === undefined)
    return undefined;
  return { base64, enhanced, chunks, messageId, lost, undelivered } as Rare;
}

function keepLine(line: TranscriptLine, known: Common[]): KeptLine {
  let common = known.length - 1;
  while (common >= 0 && !haveInCommon(line, known[common]!)) common -= 1;
  if (common < 0) common = known.push(line) - 1;
  const { n, atUs, bytes, text, chunk = null, code = null } = line;
  const rare = rareOf(line);
  return rare === undefined
    ? [common, n, atUs, bytes, text, chunk, code]
    : [common, n, atUs, bytes, text, chunk, code, rare];
}

const commonOf = ({ from, kind, phase, secure, eol, transaction, more, pipelined, masked }: Common): Common =>
  ({ from, kind, phase, secure, eol, transaction, more, pipelined, masked }) as Common;

export function encodeContent({ lines, chunks }: TranscriptContent): string {
  const known: Common[] = [];
  const kept: Kept = {
    common: [],
    lines: lines.map((line) => keepLine(line, known)),
    chunks: chunks.map(({ n, atUs, bytes, from, secure }) => [
      n,
      atUs,
      bytes,
      (from === 'server' ? 1 : 0) + (secure ? 2 : 0),
    ]),
  };
  kept.common = known.map(commonOf);
  return JSON.stringify(kept);
}

function openLine(
  [common, n, atUs, bytes, text, chunk, code, rare]: KeptLine,
  known: Common[],
): TranscriptLine {
  return {
    n,
    atUs,
    ...known[common]!,
    text,
    bytes,
    ...(chunk === null ? {} : { chunk }),
    ...(code === null ? {} : { code }),
    ...rare,
  };
}

/** Of a session; where a damaged row begins at a line, one line says so. */
export const decodeRow = (text: string, session: number, firstLine = -1): TranscriptContent =>
  orInstead(
    () => decodeContent(text),
    () => ({
      instead: { lines: firstLine < 0 ? [] : [damagedLine(firstLine)], chunks: [] },
      what: `a part of the transcript of the session with the number ${String(session)}`,
    }),
  );

const damagedLine = (n: number): TranscriptLine => ({
  ...{ n, atUs: 0, from: null, kind: 'event', phase: 'plain', secure: false },
  ...{ text: `From here on lines cannot be read ${damagedText}.`, eol: '', bytes: 0 },
});

/** Also as earlier builds kept them, spelt out. */
export function decodeContent(text: string): TranscriptContent {
  const content = JSON.parse(text) as Kept | TranscriptContent;
  if (!('common' in content)) return content;
  return {
    lines: content.lines.map((line) => openLine(line, content.common)),
    chunks: content.chunks.map(([n, atUs, bytes, side]) => ({ n, atUs, bytes, ...sides[side]! })),
  };
}
