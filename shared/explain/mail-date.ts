// Dates as servers write them in trace fields (RFC 5322 3.3, and the obsolete forms of 4.3).
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Hours from UTC. Other names say nothing certain and count as UTC (RFC 5322 4.3). */
const zones: Readonly<Record<string, number>> = {
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  CET: 1,
  CEST: 2,
};
const form =
  /(?:^|[\s,;])(\d{1,2})[ -]([A-Za-z]{3})[a-z]{0,6}[ -](\d{2,4}) (\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,9})?(?: ?([+-])(\d{2}):?(\d{2})| ([A-Z]{1,4}))?/;

/** As ISO in UTC; null when it cannot be read. */
export function parseMailDate(value: string): string | null {
  const match = form.exec(value.slice(0, 200).replace(/\s+/g, ' '));
  if (!match) return null;
  const [, day, name, year, hour, minute, second, sign, hours, minutes, zone] = match;
  const month = months.indexOf(name!.toLowerCase());
  if (month < 0 || Number(hour) > 23 || Number(minute) > 59) return null;
  const written = Number(year);
  // RFC 5322 4.3: years of two and three digits.
  const full = year!.length === 4 ? written : written + (year!.length === 2 && written < 50 ? 2000 : 1900);
  // A leap second has no place in a timestamp.
  const local = Date.UTC(
    full,
    month,
    Number(day),
    Number(hour),
    Number(minute),
    Math.min(Number(second ?? 0), 59),
  );
  if (new Date(local).getUTCDate() !== Number(day) || full < 1900) return null;
  const offset = sign
    ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
    : (Object.hasOwn(zones, zone ?? '') ? zones[zone!]! : 0) * 60;
  return new Date(local - offset * 60_000).toISOString();
}
