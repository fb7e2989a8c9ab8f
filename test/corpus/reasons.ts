// Why a second parser reads something else. Only what is known not to be a fault of ours has a name here; README.md
// explains each of them.
import type { Disagreement } from './compare.ts';

export const reasons = {
  'mailparser-agrees': 'mailparser, the third, reads it as Mailscope does',
  'bytes-without-charset': 'header bytes without a charset, which Python shows as U+FFFD',
  'unknown-charset': 'a charset or an encoded word that Python does not decode',
  'no-address': 'what Python takes for an address has no @',
  'obsolete-date': 'a date whose obsolete form Python reads differently, or not at all',
  'text-hash':
    'a text whose decoding is settled by RFC 2045 and not by Python: blanks at line ends, broken base64',
  'empty-parts': 'a multipart without parts, or parts of nothing between two delimiters',
  'same-boundary': 'a boundary that several multiparts share',
  'header-line': 'a line in the header that is no field: for Python the header ends there',
  'encoding-comment': 'a transfer encoding with a comment, which Python does not decode',
  'not-closed': 'the last line ending of a multipart without its closing delimiter: content for Mailscope',
  'content-type': 'a Content-Type that is none, of which the part that can be used is used',
  'name-in-brackets': 'brackets in a file name without quotes, a comment for Python',
  'mailbox-list': 'mailboxes that are not separated as they must be',
  unexplained: 'to be looked at',
} as const;
export type Reason = keyof typeof reasons;

const typesOf = (parts: string): string[] =>
  parts
    .split(' ')
    .filter((part) => part.includes(':'))
    .map((part) => part.slice(0, part.lastIndexOf(':')));
const emptySha = 'e3b0c44298fc';

function reasonForParts(ours: string, theirs: string, raw: Buffer): Reason {
  if (/ name=| charset=/.test(theirs)) return 'content-type';
  const boundaries = [...raw.toString('latin1').matchAll(/\bboundary\s*=\s*"?([^"\s;]+)/gi)].map(
    ([, b]) => b,
  );
  if (new Set(boundaries).size < boundaries.length) return 'same-boundary';
  const solid = (parts: string): string[] =>
    parts.split(' ').filter((part) => !/^multipart\/[^:]*:$|:e3b0c44298fc$/.test(part));
  if (solid(ours).join(' ') === solid(theirs).join(' ')) return 'empty-parts';
  const [a, b] = [ours.split(' '), theirs.split(' ')];
  const text = raw.toString('latin1');
  if (boundaries.some((boundary) => !text.includes(`--${boundary}--`))) return 'not-closed';
  const isSameTree = typesOf(ours).join() === typesOf(theirs).join();
  const differing = a.filter((part, n) => part !== b[n]);
  if (isSameTree && differing.every((part) => /^text\//.test(part) && !part.endsWith(emptySha)))
    return 'text-hash';
  return 'unexplained';
}

/** RFC 5322 §2.2; a line that begins with a blank continues the one before. */
function hasOddLine(raw: Buffer): boolean {
  const [header = ''] = raw.toString('latin1').split('\r\n\r\n', 1);
  const lines = header.split('\r\n').slice(/^>?From /.test(header) ? 1 : 0);
  return lines.some((line) => !/^[ \t]|^[!-9;-~]+[ \t]*:/.test(line));
}

/** `report (1).pdf:hash` as Python reads it where it is sent without quotes: `report:hash`. */
const withoutBrackets = (files: string): string => files.replace(/ ?\([^()]*\)[^:|]*(?=:)/g, '');

export function reasonFor(
  { field, ours, theirs }: Disagreement,
  third: string | undefined,
  raw: Buffer,
): Reason {
  if (third === ours) return 'mailparser-agrees';
  if (hasOddLine(raw)) return 'header-line';
  const isOfContent = field === 'parts' || field === 'attachments';
  if (isOfContent && /^content-transfer-encoding:[ \t]*[\w-]+[ \t]*\(/im.test(raw.toString('latin1')))
    return 'encoding-comment';
  if (field === 'attachments' && withoutBrackets(ours) === withoutBrackets(theirs)) return 'name-in-brackets';
  if (field === 'parts') return reasonForParts(ours, theirs, raw);
  if (field === 'date') return 'obsolete-date';
  if (theirs.includes('\ufffd') && /[\x80-\xff]/.test(raw.toString('latin1').split(/\r\n\r\n/)[0] ?? ''))
    return 'bytes-without-charset';
  if (/[\ufffd\udc80-\udcff]|=\?[^?]+\?[bq]\?/i.test(theirs) || ours.includes('\ufffd'))
    return 'unknown-charset';
  if (field === 'from' || field === 'to' || field === 'cc') {
    const withAt = (list: string): string =>
      (list.match(/<[^<>]*@[^<>]*>/g) ?? []).map((one) => one.toLowerCase()).join();
    if (withAt(ours) === withAt(theirs)) return 'no-address';
    return 'mailbox-list';
  }
  return 'unexplained';
}
