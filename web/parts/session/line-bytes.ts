// The bytes of a transcript line, as text where they are text and as hex.
import type { TranscriptLine } from '../../../shared/transcript.ts';

const endings = { CRLF: '\r\n', LF: '\n', CR: '\r', '': '' } as const;

function decodeBase64(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** The line as it was on the wire, line ending included. */
export function bytesOf(line: TranscriptLine): Uint8Array {
  const encoder = new TextEncoder();
  const body = line.base64 === undefined ? encoder.encode(line.text) : decodeBase64(line.base64);
  const ending = encoder.encode(endings[line.eol]);
  const bytes = new Uint8Array(body.length + ending.length);
  bytes.set(body);
  bytes.set(ending, body.length);
  return bytes;
}

/** Latin letters as such, anything else as \xHH: nothing is guessed, nothing is lost. */
export function readableText(line: TranscriptLine): string {
  if (line.base64 === undefined) return line.text;
  let text = '';
  for (const byte of decodeBase64(line.base64)) {
    text +=
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}

export interface HexRow {
  offset: string;
  hex: string;
  text: string;
}

export function hexRows(bytes: Uint8Array, width = 16): HexRow[] {
  const rows: HexRow[] = [];
  for (let offset = 0; offset < bytes.length; offset += width) {
    const slice = [...bytes.subarray(offset, offset + width)];
    rows.push({
      offset: offset.toString(16).padStart(4, '0'),
      hex: slice.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: slice.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
    });
  }
  return rows;
}
