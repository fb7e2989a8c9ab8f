// The lines of a session, from memory while it runs and from the store afterwards; on request with the bytes that
// the lines only stand for.
import { lineJudge, wholeSessionInView, type InboxView } from '../../shared/inbox-view.ts';
import type { TranscriptChunk, TranscriptLine } from '../../shared/transcript.ts';
import { bdatChunk, rebuildWire } from '../wire-bytes.ts';
import { written, type Handlers } from './endpoint.ts';
import type { HttpParts, StoredBody } from './parts.ts';
import { findSession } from './sessions.ts';
import { formatTranscript } from './transcript-text.ts';

type Parts = Pick<HttpParts, 'store' | 'running'>;
interface Lines {
  lines: TranscriptLine[];
  chunks: TranscriptChunk[];
}

/** An answer with `data=full` ends early once it holds this many bytes of messages. */
const maxFullBytes = 64 * 1024 * 1024;

/** Index of the first line numbered `from` or above; lines ascend. */
function indexOf(lines: TranscriptLine[], from: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.n < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function chunksOf(lines: TranscriptLine[], chunks: TranscriptChunk[]): TranscriptChunk[] {
  const named = new Set<number>();
  for (const { chunk, chunks: count = 1 } of lines)
    if (chunk !== undefined)
      for (let n = chunk; n < chunk + Math.min(count, chunks.length); n++) named.add(n);
  return chunks.filter(({ n }) => named.has(n));
}

/** Lines from number `from` on, at most `limit`. Of a running session memory has only what is not stored yet. */
async function readLines({ store, running }: Parts, id: string, from: number, limit: number): Promise<Lines> {
  // Memory first: what it lets go of in the meantime is in the store by then.
  const open = running.find(id);
  if (open === undefined) return store.readTranscript(id, from, limit);
  const { lines, chunks } = open;
  const held = lines[0]?.n ?? open.session.lines;
  if (from >= held) return pageOf(lines, chunks, from, limit);
  const stored = await store.readTranscript(id, from, limit);
  const next = (stored.lines.at(-1)?.n ?? from - 1) + 1;
  const rest = pageOf(lines, chunks, next, limit - stored.lines.length);
  const known = new Set(stored.chunks.map(({ n }) => n));
  return {
    lines: [...stored.lines, ...rest.lines],
    chunks: [...stored.chunks, ...rest.chunks.filter(({ n }) => !known.has(n))],
  };
}

function pageOf(lines: TranscriptLine[], chunks: TranscriptChunk[], from: number, limit: number): Lines {
  const start = indexOf(lines, from);
  const page = lines.slice(start, start + limit);
  return { lines: page, chunks: chunksOf(page, chunks) };
}

/**
 * The same as the view has them; none where it does not have the session. Goes on to where there is one to show, and
 * stops at one of which that is not known yet.
 */
export async function readVisibleLines(
  parts: Parts,
  id: string,
  from: number,
  limit: number,
  view: InboxView,
): Promise<{ lines: TranscriptLine[] }> {
  for (let next = from; ;) {
    // Lines first: what is known of their transactions is newer then.
    const { lines } = await readLines(parts, id, next, limit);
    const session = await findSession(parts, id, view).catch(() => undefined);
    if (session === undefined) return { lines: [] };
    const judge = lineJudge(session, view);
    const stop = lines.findIndex((line) => judge(line) === 'undecided');
    const known = stop < 0 ? lines : lines.slice(0, stop);
    const shown = known.filter((line) => judge(line) === 'shown');
    const last = known.at(-1);
    if (shown.length > 0 || last === undefined || stop >= 0) return { lines: shown };
    next = last.n + 1;
  }
}

/** Which BDAT chunk of its message the line is, counted from 0. */
async function chunkIndex(
  parts: Parts,
  sessionId: string,
  line: TranscriptLine,
  count: number,
): Promise<number> {
  // A chunk takes a command, the bytes and a reply, so they are near. Looking back stops at the first of them.
  const from = Math.max(0, line.n - 8 * count - 100);
  const { lines } = await readLines(parts, sessionId, from, line.n - from);
  return lines.filter(
    (other) => other.kind === 'data' && other.messageId === line.messageId && other.n < line.n,
  ).length;
}

async function wireOf(
  parts: Parts,
  sessionId: string,
  line: TranscriptLine,
  body: StoredBody,
): Promise<Buffer> {
  const { dots, bdat } = body.wire;
  const bytes = await body.bytes();
  if (bdat === null || line.bytes === bytes.length) return rebuildWire(bytes, dots, bdat);
  return bdatChunk(bytes, bdat, await chunkIndex(parts, sessionId, line, bdat.length));
}

async function bytesOf(parts: Parts, sessionId: string, line: TranscriptLine): Promise<Buffer | undefined> {
  if (line.messageId === undefined)
    return parts.running.find(sessionId)?.blob(line.n) ?? (await parts.store.readBlob(sessionId, line.n));
  const body = await parts.store.findBody(line.messageId);
  return body && wireOf(parts, sessionId, line, body);
}

/** The lines with base64 where they only stood for bytes; ends early when that gets too much. */
async function unfold(
  parts: Parts,
  sessionId: string,
  lines: TranscriptLine[],
  isShown: (line: TranscriptLine) => boolean,
): Promise<TranscriptLine[]> {
  const full: TranscriptLine[] = [];
  let size = 0;
  for (const line of lines) {
    const stands = line.kind === 'data' || line.kind === 'tls' || line.kind === 'raw';
    if (!stands || !isShown(line) || line.base64 !== undefined || line.lost) {
      full.push(line);
      continue;
    }
    if (size > 0 && size + line.bytes > maxFullBytes) break;
    const bytes = await bytesOf(parts, sessionId, line);
    size += bytes?.length ?? 0;
    full.push(
      bytes
        ? { ...line, base64: bytes.toString('base64') }
        : { ...line, ...(line.kind === 'data' && { lost: true }) },
    );
  }
  return full;
}

export function transcriptHandlers(parts: Parts): Pick<Handlers, 'readTranscript'> {
  return {
    async readTranscript({ params, query }, { response, view }) {
      const session = await findSession(parts, params.id, view);
      const from = Number(query.cursor ?? 0);
      const read = await readLines(parts, session.id, from, query.limit + 1);
      const page = read.lines.slice(0, query.limit);
      const judge = lineJudge(session, view);
      const isShown = (line: TranscriptLine): boolean => judge(line) === 'shown';
      const full = query.data === 'full' ? await unfold(parts, session.id, page, isShown) : page;
      const next = read.lines[full.length];
      const items = full.filter(isShown);
      const nextCursor = next === undefined ? null : String(next.n);
      if (query.format === 'json')
        return { sessionId: session.id, items, chunks: chunksOf(items, read.chunks), nextCursor };
      response.setHeader('Content-Type', 'text/plain; charset=utf-8');
      response.setHeader('Cache-Control', 'no-store');
      response.end(formatTranscript(wholeSessionInView(session, view)!, items, nextCursor));
      return written;
    },
  };
}
