// Bytes and texts as Python source, in ASCII and on one line, whatever is in them.

import { toWellFormed } from './well-formed.ts';

const escaped: Record<number, string> = { 9: '\\t', 10: '\\n', 13: '\\r', 39: "\\'", 92: '\\\\' };

export function pythonBytes(bytes: Uint8Array): string {
  let out = "b'";
  for (const byte of bytes)
    out +=
      escaped[byte] ??
      (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`);
  return `${out}'`;
}

export function pythonText(text: string): string {
  let out = "'";
  for (const char of toWellFormed(text)) {
    const code = char.codePointAt(0)!;
    if (escaped[code] !== undefined) out += escaped[code];
    else if (code >= 32 && code < 127) out += char;
    else out += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return `${out}'`;
}
