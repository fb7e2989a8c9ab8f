// What could be a code: short runs of digits, or of letters with digits, that are no price, date, time or measure.

export interface Candidate {
  start: number;
  end: number;
  code: string;
  kind: 'digits' | 'mixed' | 'letters';
}

const token = /[A-Za-z0-9]+(?:[-\u2010\u2011][A-Za-z0-9]+)*/g;
const currencyBefore = /(?:[$€£¥₹₽₺₩฿]|\b(?:usd|eur|gbp|chf|inr|rs|cad|aud|jpy|sek|nok|dkk|pln|kr))\.?\s?$/i;
const unitAfter =
  /^\s?(?:[$€£¥₹₽₺₩฿%‰°]|(?:usd|eur|euros?|gbp|chf|inr|cad|aud|jpy|sek|nok|dkk|pln|zł|kr|dollars?|pounds?|yen|seconds?|secs?|sekunden|minut\p{L}*|mins?|hours?|stunden|heures?|horas?|ore|days?|tage?n?|jours?|d[ií]as?|giorni|weeks?|months?|years?|times?|people|users?|customers?|points?|miles?|km|kg|lbs?|cm|mm|px|pt|[kmg]i?b|mhz|ghz|w|v|円|元|원|分|秒|小时|時間)(?![\p{L}\p{N}]))/iu;
const letterOfSpacedScript =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]/u;

/** Whether the characters around say that it is a part of something else. */
function isPartOfOther(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 8), start);
  const after = text.slice(end, end + 16);
  const [left = ' ', right = ' '] = [before.at(-1), after[0]];
  if (letterOfSpacedScript.test(left) || letterOfSpacedScript.test(right)) return true;
  if (/[@+/\\_&~^]/.test(left) || /[@/\\_&%+]/.test(right)) return true;
  // 12.34, 1,234, 12:30, 31.12.2026, 192.168.0.1
  if (/\p{N}[.,:'’]$/u.test(before) || /^[.,:'’]\p{N}/u.test(after)) return true;
  return currencyBefore.test(before) || unitAfter.test(after);
}

/** One run between white space as a candidate; null when its shape is not that of a code. */
function readToken(raw: string): Pick<Candidate, 'code' | 'kind'> | null {
  if (raw.length < 4 || raw.length > 14) return null;
  const groups = raw.split(/[-\u2010\u2011]/);
  const isDigits = groups.every((group) => /^\d+$/.test(group));
  if (isDigits) {
    const size = groups[0]!.length;
    const digits = size * groups.length;
    // 123-456 is a code, 2026-01-31 and 555-1234 are not.
    return digits >= 4 && digits <= 8 && groups.every((group) => group.length === size)
      ? { code: raw, kind: 'digits' }
      : null;
  }
  // 26-Nov-97
  if (/^\d{1,2}-[a-z]{3,9}-\d{2,4}$/i.test(raw)) return null;
  const joined = groups.join('');
  if (joined.length > 12 || groups.length > 4) return null;
  if (/^[A-Z]{1,3}$/.test(groups[0]!) && groups.length === 2 && /^\d{4,8}$/.test(groups[1]!))
    return { code: raw, kind: 'digits' };
  const most = groups.length > 1 && groups.every(({ length }) => length === groups[0]!.length) ? 12 : 10;
  if (/\d/.test(joined)) return joined.length <= most ? { code: raw, kind: 'mixed' } : null;
  return /^[A-Z]{5,8}$/.test(joined) ? { code: raw, kind: 'letters' } : null;
}

const groupBehind = /^[ \u00a0\u2009\u202f](\d{1,11})(?![\p{L}\p{N}])/u;
/** In HTML each digit may have a box of its own, and the source of the next is on another line. */
const digitBehind = /^\s+(\d)(?![\p{L}\p{N}:.,])/u;
const mostBetween = 64;

/** In order, never overlapping. */
export function findCandidates(text: string): Candidate[] {
  const found: Candidate[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const start = match.index;
    let end = start + match[0].length;
    let read: Pick<Candidate, 'code' | 'kind'> | null;
    if (/^\d{1,4}$/.test(match[0])) {
      // 123 456, 12 34 56, 1 2 3 4 5 6: groups of one length, one blank apart.
      const size = match[0].length;
      const groups = [match[0]];
      let isPhone = false;
      for (;;) {
        const near = text.slice(end, end + mostBetween);
        const next = groupBehind.exec(near) ?? (size === 1 ? digitBehind.exec(near) : null);
        if (next === null) break;
        end += next[0].length;
        isPhone ||= next[1]!.length !== size;
        groups.push(next[1]!);
      }
      token.lastIndex = end;
      const code = groups.join('');
      const isWhole = !isPhone && code.length >= 4 && code.length <= 8;
      read = isWhole ? { code, kind: 'digits' } : null;
    } else read = readToken(match[0]);
    if (read && !isPartOfOther(text, start, end)) found.push({ start, end, ...read });
  }
  return found;
}
