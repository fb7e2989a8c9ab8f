// The times of `before:` and `after:`.
import { parseDuration } from '../units.ts';

const date = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i;
const clock = /^(\d{2}):(\d{2})(?::(\d{2}))?$/;
const ago = /^\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d)$/i;
const dayUs = 86_400_000_000;

const inRange = (hours: number, minutes: number, seconds: number): boolean =>
  hours < 24 && minutes < 60 && seconds < 60;

function parseClock(text: string): number | undefined {
  const [hours, minutes, seconds = 0] = text.split(':').map(Number);
  if (!inRange(hours!, minutes!, seconds)) return undefined;
  return Math.round(((hours! * 60 + minutes!) * 60 + seconds) * 1e6);
}

function parseOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = zone.slice(1).split(':').map(Number);
  if (!inRange(hours!, minutes!, 0)) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours! * 60 + minutes!) * 60e6;
}

/**
 * Micro-seconds since 1970, or undefined: `2026-01-31` (its beginning), `2026-01-31T14:30[:00][Z|+01:00]`, `14:30` of
 * today, `today`, `yesterday`, or how long ago: `30m`, `2h`, `7d`. Without an offset it is UTC.
 */
export function parseTime(text: string, nowUs: number): number | undefined {
  const today = Math.floor(nowUs / dayUs) * dayUs;
  const word = text.toLowerCase();
  if (word === 'today') return today;
  if (word === 'yesterday') return today - dayUs;
  if (ago.test(text)) {
    const ms = parseDuration(text);
    return ms === undefined ? undefined : nowUs - ms * 1000;
  }
  if (clock.test(text)) {
    const time = parseClock(text);
    return time === undefined ? undefined : today + time;
  }
  const found = date.exec(text);
  if (!found) return undefined;
  const [, year, month, day, time = '00:00', zone] = found;
  const start = new Date(0);
  // Years before 100 are not taken for those of the last century by this one.
  start.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (start.getUTCMonth() !== Number(month) - 1 || start.getUTCDate() !== Number(day)) return undefined;
  const [timeUs, offsetUs] = [parseClock(time), parseOffset(zone)];
  return timeUs === undefined || offsetUs === undefined
    ? undefined
    : start.getTime() * 1000 + timeUs - offsetUs;
}
