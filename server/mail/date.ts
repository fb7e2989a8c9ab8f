// The Date header (RFC 5322 §3.3, with the obsolete forms of §4.3) as UTC.
import { withoutComments } from './comments.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
// Hours from UTC. RFC 5322 §4.3: the other letters mean nothing certain and count as UTC.
const zones = new Map([
  ['est', -5],
  ['edt', -4],
  ['cst', -6],
  ['cdt', -5],
  ['mst', -7],
  ['mdt', -6],
  ['pst', -8],
  ['pdt', -7],
]);

const rfc5322 =
  /^(?:\p{L}{2,15}[.,]{0,2} ?)?(\d{1,2})[ -]([a-z]{3})[a-z]{0,6}\.?[ -](\d{2,4}),? (\d{1,2}) ?[:.] ?(\d{2})(?: ?[:.] ?(\d{2}))?(?:[.,]\d{1,9})? ?(?:([ap])\.?m\b\.? ?)?(?:(?:gmt|utc?) ?(?=[+-]))?(?:([+-])(\d{1,2}):?(\d{2})|([a-z]{1,5}))?/iu;
/** Also as Ruby and Python write it: `2008-09-10 19:35:00 +0200`. */
const iso8601 =
  /^(\d{4}-\d\d-\d\d)[t ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?: ?(?:z|utc|gmt|([+-]\d\d):?(\d\d)))?$/i;

// Years past 9999 have a longer form, which is no RFC 3339 timestamp.
const isoOfMs = (ms: number): string | null =>
  ms >= -62_135_596_800_000 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : null;

/** As nearly all programs write it, so that there is nothing to clean. */
const plain = /^[a-z]{3}, \d{1,2} [a-z]{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}(?: \([A-Z]{1,5}\))?$/i;

const clean = (value: string): string =>
  withoutComments(value.slice(0, 2000))
    .slice(0, 200)
    .replace(/\s+/g, ' ')
    .replaceAll(' ,', ',')
    .trim()
    // The order of C's asctime, of date(1) and of git, which some programs send.
    .replace(
      /^([a-z]{3},?) ([a-z]{3}) (\d{1,2}) ([\d:]{5,8})( [a-z]{1,5}| [+-]\d{4})? (\d{4})/i,
      '$1 $3 $2 $6 $4$5',
    )
    // That of Americans, and of toString() in JavaScript.
    .replace(
      /^([a-z]{3,9},? )?([a-z]{3,9}\.?) (\d{1,2})(?:st|nd|rd|th)?(?:, ?| )(\d{4}|\d\d),?(?: at)? (?=\d)/i,
      '$1$3 $2 $4 ',
    );

/** Null when it cannot be read. */
export function parseDate(value: string): string | null {
  const text = plain.test(value) ? value : clean(value);
  const match = rfc5322.exec(text);
  if (!match) {
    const iso = iso8601.exec(text);
    return iso ? isoOfMs(Date.parse(`${iso[1]}T${iso[2]}${iso[3] ? `${iso[3]}:${iso[4]}` : 'Z'}`)) : null;
  }

  const day = Number(match[1]);
  const month = months.indexOf((match[2] ?? '').toLowerCase());
  const written = Number(match[3]);
  // RFC 5322 §4.3: years of two and three digits.
  const year =
    match[3]!.length === 4 ? written : written + (match[3]!.length === 2 && written < 50 ? 2000 : 1900);
  const half = match[7]?.toLowerCase();
  const written12 = Number(match[4]);
  const hour = half === undefined || written12 > 12 ? written12 : (written12 % 12) + (half === 'p' ? 12 : 0);
  const minute = Number(match[5]);
  // A leap second has no place in a timestamp.
  const second = Math.min(Number(match[6] ?? 0), 59);
  if (month < 0 || year < 1900 || hour > 23 || minute > 59 || Number(match[6] ?? 0) > 60) return null;

  const local = new Date(Date.UTC(year, month, day, hour, minute, second));
  if (local.getUTCDate() !== day || local.getUTCMonth() !== month) return null;
  const offset = match[8]
    ? (match[8] === '-' ? -1 : 1) * (Number(match[9]) * 60 + Number(match[10]))
    : (zones.get((match[11] ?? '').toLowerCase()) ?? 0) * 60;
  return isoOfMs(local.getTime() - offset * 60_000);
}
