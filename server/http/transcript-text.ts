// A transcript as text for people: `curl .../transcript?format=text`. It goes to terminals, so nothing that came
// over the wire is printed unescaped.
import { readBdatChunks } from '../../shared/bdat-chunks.ts';
import { formatEndpoint } from '../../shared/smtp-text.ts';
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import { escapeControls } from '../log.ts';

const timeWidth = 12;

const time = (us: number): string => (us / 1000).toFixed(3).padStart(timeWidth);
const count = (n: number): string => n.toLocaleString('en-US');

function arrow(line: TranscriptLine): string {
  if (line.from === null) return '      ';
  return line.from === 'client' ? 'C: -> ' : 'S: <- ';
}

function hints(line: TranscriptLine): string {
  const all: string[] = [];
  if (line.masked) all.push('masked');
  if (line.pipelined) all.push('pipelined');
  if (line.chunks !== undefined && line.chunks > 1) all.push(`in ${line.chunks} chunks`);
  if (line.from !== null && line.kind !== 'data' && line.kind !== 'tls') {
    if (line.eol === '') all.push('no line ending');
    else if (line.eol !== 'CRLF') all.push(`ends in ${line.eol}`);
  }
  if (line.undelivered) all.push(`${count(line.undelivered)} bytes not delivered`);
  return all.length === 0 ? '' : `   {${all.join(', ')}}`;
}

function content(line: TranscriptLine, isChunk: boolean): string {
  if (line.kind === 'event' || line.from === null) return `[${escapeControls(line.text)}]`;
  const size = `${count(line.bytes)} bytes`;
  const lost = line.lost ? ', not kept' : '';
  const what = isChunk ? 'chunk' : 'message';
  if (line.kind === 'data') return `(${what}, ${size}${line.messageId ? `, ${line.messageId}` : ''}${lost})`;
  if (line.kind === 'tls') return `(TLS ${escapeControls(line.text)}, ${size}${lost})`;
  const text = escapeControls(line.text);
  return line.kind === 'raw' ? `(${size}${lost}) ${text}` : text;
}

/** The bytes of a message, line by line under the line that stands for it. */
function unfolded(bytes: Buffer): string {
  const margin = `${' '.repeat(timeWidth)}  |  `;
  const lines = bytes.toString('utf8').split('\r\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((text) => `${margin}${escapeControls(text)}\n`).join('');
}

/**
 * `line` is written as `time in ms`, side, text: client lines as `C: ->`, server lines as `S: <-`, events in
 * brackets, a separator wherever the phase changes. Messages, and chunks of BDAT, are folded to their size unless their
 * line has base64.
 */
export function formatTranscript(
  session: Session,
  lines: TranscriptLine[],
  nextCursor: string | null,
): string {
  const { peer, local } = session;
  const from = formatEndpoint(peer);
  const to = `${formatEndpoint(local)} (${session.listener})`;
  const out = [
    escapeControls(
      `Session ${session.id}: ${from} to ${to}, opened ${session.openedAt}, ${session.outcome}`,
    ) + '\n',
    'Times are in ms since the connection was opened.\n',
  ];
  const bdat = readBdatChunks(lines);
  let phase: string | undefined;
  for (const line of lines) {
    const now = line.secure ? `${line.phase}, inside TLS` : line.phase;
    if (now !== phase) out.push(`${' '.repeat(timeWidth)}  ---- ${escapeControls(now)} ----\n`);
    phase = now;
    out.push(`${time(line.atUs)}  ${arrow(line)}${content(line, bdat.has(line.n))}${hints(line)}\n`);
    if (line.kind === 'data' && line.base64 !== undefined)
      out.push(unfolded(Buffer.from(line.base64, 'base64')));
  }
  if (nextCursor !== null) out.push(`... more lines: add cursor=${nextCursor}\n`);
  else if (session.ended && lines.at(-1)?.text !== session.ended.text)
    out.push(`${' '.repeat(timeWidth)}  ${escapeControls(session.ended.text)}\n`);
  return out.join('');
}
