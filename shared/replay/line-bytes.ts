// The exact bytes of a transcript line.
import type { TranscriptLine } from '../transcript.ts';

const endings = { CRLF: [13, 10], LF: [10], CR: [13], '': [] };

export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

export function joinBytes(...pieces: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** With its ending; of a line that only stands for bytes, those of what it says instead. */
export function shownBytes({ text, base64, eol }: TranscriptLine): Uint8Array {
  const body = base64 === undefined ? new TextEncoder().encode(text) : decodeBase64(base64);
  return joinBytes(body, Uint8Array.from(endings[eol]));
}

/** Null where the line only stands for bytes that were not asked for or not kept. */
export function bytesOfLine(line: TranscriptLine): Uint8Array | null {
  const standsForBytes = line.kind === 'data' || line.kind === 'tls' || line.kind === 'raw';
  return standsForBytes && line.base64 === undefined ? null : shownBytes(line);
}
