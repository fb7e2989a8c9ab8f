// A transcript line as text where its bytes are text, and bytes as hex.
import { decodeBase64 } from '../../../shared/replay/line-bytes.ts';
import type { TranscriptLine } from '../../../shared/transcript.ts';

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
