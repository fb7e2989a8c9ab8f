// Sessions as transcripts written by hand: "C: EHLO a" and "S: 250 ok", one line each.
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import { lineOf, sessionOf } from '../support/records.ts';

export interface Recorded {
  session: Session;
  lines: TranscriptLine[];
}

export function transcript(...texts: string[]): TranscriptLine[] {
  return texts.map((line, n) => {
    const text = line.slice(3);
    const from = line.startsWith('C') ? 'client' : 'server';
    const code = /^(\d{3})([ -])/.exec(text);
    return lineOf(n, {
      from,
      kind: from === 'client' ? 'command' : 'reply',
      text,
      bytes: text.length + 2,
      ...(from === 'server' && code ? { code: Number(code[1]), ...(code[2] === '-' && { more: true }) } : {}),
    });
  });
}

export const recorded = (texts: string[], session: Partial<Session> = {}): Recorded => ({
  session: sessionOf('s_1', 1, session),
  lines: transcript(...texts),
});
