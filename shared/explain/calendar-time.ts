// Dates, times and durations of iCalendar (RFC 5545 3.3.4 to 3.3.6), on the wall clock on which they were written.
import type { ContentLine } from './content-lines.ts';
import { plural } from './wording.ts';

export interface CalendarTime {
  /** `2026-07-06T10:00:00`, or `2026-07-06` for a whole day; on the clock of `timeZone`. */
  local: string;
  /** `UTC`, a name such as Europe/Prague, or null: the clock of whoever reads it. */
  timeZone: string | null;
  allDay: boolean;
}

const dateForm = /^(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?(Z?))?$/i;

/** Null when it is no real date. */
export function parseCalendarTime({
  params,
  value,
}: Pick<ContentLine, 'params' | 'value'>): CalendarTime | null {
  const match = dateForm.exec(value.trim().slice(0, 40));
  if (!match) return null;
  const [, year, month, day, hour, minute, second = '00', zulu] = match;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (at.getUTCDate() !== Number(day) || at.getUTCMonth() !== Number(month) - 1) return null;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return { local: date, timeZone: null, allDay: true };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const zone = params.get('TZID')?.[0]?.slice(0, 200);
  return {
    local: `${date}T${hour}:${minute}:${second}`,
    timeZone: zulu ? 'UTC' : zone || null,
    allDay: false,
  };
}

const durationForm =
  /^([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/i;

/** In seconds; null when it cannot be read. */
export function parseDuration(value: string): number | null {
  const match = durationForm.exec(value.trim().slice(0, 60));
  if (!match || !/\d/.test(value)) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0));
  const total = weeks! * 604_800 + days! * 86_400 + hours! * 3600 + minutes! * 60 + seconds!;
  return match[1] === '-' ? -total : total;
}

/** The same clock some seconds later. */
export function addSeconds(time: CalendarTime, seconds: number): CalendarTime | null {
  const start = Date.parse(time.allDay ? `${time.local}T00:00:00Z` : `${time.local.replace(/:60$/, ':59')}Z`);
  const later = new Date(start + seconds * 1000);
  if (Number.isNaN(later.getTime()) || later.getUTCFullYear() > 9999) return null;
  const iso = later.toISOString();
  const allDay = time.allDay && seconds % 86_400 === 0;
  return { local: iso.slice(0, allDay ? 10 : 19), timeZone: time.timeZone, allDay };
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const monthNames =
  'January February March April May June July August September October November December'.split(' ');

/** `Monday, 6 July 2026` */
export function formatDate(local: string): string {
  const [year, month, day] = local.slice(0, 10).split('-').map(Number);
  const at = new Date(Date.UTC(year!, month! - 1, day));
  return `${days[at.getUTCDay()]}, ${day} ${monthNames[month! - 1]} ${year}`;
}

/** `Monday, 6 July 2026, 10:00 to 11:00 (Europe/Prague)` */
export function formatSpan(start: CalendarTime, end: CalendarTime | null): string {
  const zone = (time: CalendarTime): string => (time.timeZone ? ` (${time.timeZone})` : '');
  const date = formatDate(start.local);
  if (start.allDay) {
    // RFC 5545 3.6.1: the end of a whole day is the day after.
    const last = end?.allDay ? addSeconds(end, -86_400) : null;
    return last && last.local > start.local
      ? `${date} to ${formatDate(last.local)}`
      : `${date}, the whole day`;
  }
  const clock = (time: CalendarTime): string => time.local.slice(11, 16);
  if (!end || end.allDay || end.local === start.local) return `${date}, ${clock(start)}${zone(start)}`;
  const sameZone = start.timeZone === end.timeZone;
  const sameDay = start.local.slice(0, 10) === end.local.slice(0, 10);
  const until = sameDay && sameZone ? clock(end) : `${formatDate(end.local)}, ${clock(end)}`;
  return `${date}, ${clock(start)}${sameZone ? '' : zone(start)} to ${until}${zone(end)}`;
}

/** `every 2 weeks`, `every day` */
export const everyUnit = (count: number, unit: string): string =>
  count === 1 ? `every ${unit}` : `every ${plural(count, unit)}`;
