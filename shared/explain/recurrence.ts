// A recurrence rule (RFC 5545 3.3.10) in words.
import { everyUnit, formatDate, monthNames, parseCalendarTime } from './calendar-time.ts';
import { list, plural } from './wording.ts';

const units: Readonly<Record<string, string>> = {
  SECONDLY: 'second',
  MINUTELY: 'minute',
  HOURLY: 'hour',
  DAILY: 'day',
  WEEKLY: 'week',
  MONTHLY: 'month',
  YEARLY: 'year',
};
const weekdays: Readonly<Record<string, string>> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};
const ordinals = ['', 'first', 'second', 'third', 'fourth', 'fifth'];

function ordinal(number: number): string {
  if (number === -1) return 'last';
  const word = ordinals[Math.abs(number)] ?? `${Math.abs(number)}th`;
  return number < 0 ? `${word} to last` : word;
}

function dayWord(text: string): string | null {
  const [, number, code] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text) ?? [];
  if (code === undefined || !Object.hasOwn(weekdays, code)) return null;
  return number === undefined ? weekdays[code]! : `the ${ordinal(Number(number))} ${weekdays[code]}`;
}

const numbers = (text: string | undefined): number[] =>
  (text ?? '')
    .split(',', 40)
    .filter((part) => /^[+-]?\d{1,3}$/.test(part))
    .map(Number);

/** e.g. `every 2 weeks on Monday and Friday, 10 times`. What it does not know is shown as it stands. Never throws. */
export function explainRecurrence(rule: string): string {
  const parts = new Map<string, string>();
  for (const part of rule.slice(0, 1000).toUpperCase().split(';', 30)) {
    const equals = part.indexOf('=');
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const frequency = parts.get('FREQ') ?? '';
  if (!Object.hasOwn(units, frequency)) return `by the rule ${rule.slice(0, 200)}`;

  const said = [everyUnit(Math.max(1, numbers(parts.get('INTERVAL'))[0] ?? 1), units[frequency]!)];
  const months = numbers(parts.get('BYMONTH')).map((month) => monthNames[month - 1]);
  const named = months.filter((month) => month !== undefined);
  if (named.length > 0) said.push(`in ${list(named, 12)}`);

  const dates = numbers(parts.get('BYMONTHDAY')).map((day) =>
    day < 0 ? `the ${ordinal(day)} day` : `day ${day}`,
  );
  if (dates.length > 0) said.push(`on ${list(dates, 10)} of the month`);

  const position = numbers(parts.get('BYSETPOS'))[0];
  const days = (parts.get('BYDAY') ?? '').split(',', 20).map(dayWord);
  const daysSaid = days.filter((day) => day !== null);
  if (daysSaid.length > 0) {
    const isWeek = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'].every((day) =>
      daysSaid.includes(day),
    );
    const which = isWeek && daysSaid.length === 5 ? 'weekdays' : list(daysSaid, 10);
    said.push(position === undefined ? `on ${which}` : `on the ${ordinal(position)} of ${which}`);
  }
  const count = numbers(parts.get('COUNT'))[0];
  const until = parseCalendarTime({ params: new Map(), value: parts.get('UNTIL') ?? '' });
  const end =
    count !== undefined ? `, ${plural(count, 'time')}` : until ? `, until ${formatDate(until.local)}` : '';
  return said.join(' ') + end;
}
