// Lines of a transcript as the API gives them.
import type { TranscriptLine } from '../../../shared/transcript.ts';

type Said = [from: 'C' | 'S' | '-', atUs: number, text: string, more?: Partial<TranscriptLine>];

/** Lines from a short hand. A phase holds until another is named. */
export function makeLines(said: readonly Said[]): TranscriptLine[] {
  let phase = 'plain';
  let secure = false;
  return said.map(([who, atUs, text, more = {}], n) => {
    phase = more.phase ?? phase;
    secure = more.secure ?? secure;
    const from = who === 'C' ? 'client' : who === 'S' ? 'server' : null;
    const code = from === 'server' ? Number(/^(\d{3})[ -]/.exec(text)?.[1] ?? Number.NaN) : Number.NaN;
    const enhanced = /^\d{3}[ -](\d\.\d+\.\d+) /.exec(text)?.[1];
    return {
      n,
      atUs,
      from,
      kind: from === null ? 'event' : Number.isNaN(code) ? (from === 'client' ? 'command' : 'raw') : 'reply',
      text,
      eol: from === null ? '' : 'CRLF',
      bytes: from === null ? 0 : text.length + 2,
      chunk: n,
      ...(Number.isNaN(code) ? {} : { code, more: text[3] === '-' }),
      ...(enhanced ? { enhanced } : {}),
      ...more,
      phase,
      secure,
    };
  });
}
