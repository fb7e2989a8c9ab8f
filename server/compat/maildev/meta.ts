// What version 2 keeps of the header of a part.
import type { Part } from '../../../shared/message.ts';

/** A parameter of a field; `header` has one unfolded field a line. Empty: there is none. */
function parameterOf(header: string, field: string, name: string): string {
  const line = new RegExp(`^${field}[ \\t]*:.*$`, 'im').exec(header)?.[0] ?? '';
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;"]+))`, 'i').exec(line);
  return (found?.[1] ?? found?.[2] ?? '').slice(0, 1000);
}

/** The names that it gives to charsets. */
function charsetOf(charset: string): string {
  if (charset.startsWith('win-')) return `windows-${charset.slice(4)}`;
  if (charset === 'ks_c_5601-1987') return 'cp949';
  if (/^utf\d/.test(charset)) return `utf-${charset.slice(3)}`;
  if (/^latin[-_]?\d/.test(charset)) return `iso-8859-${charset.replace(/\D/g, '')}`;
  return /^(?:(?:us-)?ascii$|ansi_x3\.4-19)/.test(charset) ? 'utf-8' : charset;
}

/** Only what was said. */
export function metaOf(part: Part, header: string): Record<string, string> {
  const location = /^content-location[ \t]*:(.*)$/im.exec(header)?.[1]?.trim().toLowerCase();
  const meta = {
    contentType: part.contentType,
    charset: part.charset && charsetOf(part.charset),
    textFormat: parameterOf(header, 'content-type', 'format').toLowerCase(),
    textDelSp: parameterOf(header, 'content-type', 'delsp').toLowerCase(),
    method: parameterOf(header, 'content-type', 'method'),
    fileName: part.filename,
    contentDisposition: part.disposition,
    contentId: part.contentId,
    location,
    transferEncoding: /^content-transfer-encoding[ \t]*:/im.test(header) ? part.encoding : null,
  };
  return Object.fromEntries(
    Object.entries(meta).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
