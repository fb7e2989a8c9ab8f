// Content that its sender may think ended: the final dot counts only alone between two CRLF.
import type { DataScanner } from './data-scanner.ts';

/** The content of DATA while its end has not come. */
export interface ContentSoFar {
  scanner: DataScanner;
  /** The bytes that came last. */
  last: Buffer;
}

/** `<CRLF>.<CRLF>` and the byte before it. */
const endLength = 6;
const rule = 'but only <CRLF>.<CRLF> ends it (RFC 5321 4.1.1.4)';

export const lastOf = (before: Buffer, bytes: Buffer): Buffer =>
  Buffer.concat([before, bytes.subarray(-endLength)]).subarray(-endLength);

/** Goes behind "the content was coming"; empty where nothing in it looks like its end. */
export function explainMissedEnd({ scanner, last }: ContentSoFar): string {
  const sequences = Object.keys(scanner.smuggling);
  if (sequences.length > 0) return `; it holds ${sequences.join(' and ')}, ${rule}`;
  const text = last.toString('latin1');
  const open = /(?:^|\n)\.(\r?)$/.exec(text);
  if (open) return `; its last line is a dot with ${open[1] ? '<CR>' : 'nothing'} behind it, ${rule}`;
  return /[^\r\n]\.\r?\n$/.test(text) ? `; it ends with a dot that is not alone in its line, ${rule}` : '';
}
