// What a small message of a usual kind says, read at once and without mailparser: for those who wait for a word of it.
// It never says anything else than the parse; where it might, it says nothing.
import type { Part } from '../../shared/message.ts';
import { listBodyParts } from './body-parts.ts';
import { decodePartText } from './decode-part.ts';
import { readContentType } from './part-header.ts';
import { scanStructure } from './structure.ts';

export interface QuickText {
  text: string | null;
  html: string | null;
}

/** Some tenths of a millisecond; more is left to the worker. */
export const quickBytes = 64 * 1024;
const encodings = new Set(['7bit', '8bit', 'quoted-printable', 'base64']);
/** Where a charset is missing or wrong, in other alphabets by escapes, or not what it says. */
const unclear = /[\x1b\x80-\x9f\ufffd]/;

function readPart(raw: Buffer, part: Part): string | undefined {
  if (!encodings.has(part.encoding) || readContentType(raw, part).params.has('format')) return undefined;
  const isUtf8 = /^utf-?8$/.test(part.charset ?? '');
  if (!isUtf8 && !/^(?:us-ascii)?$/.test(part.charset ?? '')) return undefined;
  const text = decodePartText(raw, part, quickBytes, quickBytes);
  return unclear.test(text) || (!isUtf8 && /[^\x00-\x7f]/.test(text)) ? undefined : text;
}

/** Undefined: it has to be parsed. */
export function readQuickText(raw: Buffer | null): QuickText | undefined {
  if (raw === null || raw.length > quickBytes) return undefined;
  const { text: texts, html } = listBodyParts(scanStructure(raw).root);
  if (texts.length > 1) return undefined;
  const read: QuickText = { text: null, html: null };
  for (const [name, part] of [
    ['text', texts[0]],
    ['html', html],
  ] as const) {
    if (!part) continue;
    const text = readPart(raw, part);
    if (text === undefined) return undefined;
    read[name] = text;
  }
  return read;
}
