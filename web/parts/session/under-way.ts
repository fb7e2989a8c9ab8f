// What of a running session is under way, and no line of its transcript yet.
import type { Session } from '../../../shared/session.ts';
import type { Side, TranscriptLine } from '../../../shared/transcript.ts';
import { turnAfter } from './waits.ts';

export interface UnderWay {
  /** Whose turn it is. */
  by: Side;
  /** Of a message whose end has not come; null where none is expected. */
  message: { bytes: number; isAbout: boolean; endsWithDot: boolean } | null;
}

/** Null where the session is over, or nothing was said yet. */
export function underWay(
  { outcome, bytesIn }: Pick<Session, 'outcome' | 'bytesIn'>,
  lines: readonly TranscriptLine[],
): UnderWay | null {
  const last = lines.at(-1);
  if (outcome !== 'open' || !last) return null;
  const isBdat = last.kind === 'command' && /^BDAT\b/i.test(last.text);
  if (!isBdat && last.code !== 354) return { by: turnAfter(last), message: null };
  const known = lines.reduce((sum, { from, bytes }) => sum + (from === 'client' ? bytes : 0), 0);
  // The session counts what came on TCP: over TLS a little more than what was said.
  const message = { bytes: Math.max(0, bytesIn - known), isAbout: last.secure, endsWithDot: !isBdat };
  return { by: 'client', message };
}
