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

/** Null where the line only stands for bytes that were not asked for or not kept. */
export function bytesOfLine(line: TranscriptLine): Uint8Array | null {
  const ending = Uint8Array.from(endings[line.eol]);
  if (line.base64 !== undefined) return joinBytes(decodeBase64(line.base64), ending);
  if (line.kind === 'data' || line.kind === 'tls' || line.kind === 'raw') return null;
  return joinBytes(new TextEncoder().encode(line.text), ending);
}
