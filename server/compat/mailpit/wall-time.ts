// Times as people write them in a search, in the time zone that the call names or else in ours.
const isoLike =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** How far the zone is from UTC at that time, in milliseconds; undefined for an unknown zone. */
function offsetOf(zone: string, utcMs: number): number | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
    }).formatToParts(utcMs);
    const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
    const wall = Date.UTC(
      value('year'),
      value('month') - 1,
      value('day'),
      value('hour'),
      value('minute'),
      value('second'),
    );
    return wall - Math.floor(utcMs / 1000) * 1000;
  } catch {
    return undefined;
  }
}

function fromWall(wallMs: number, zone: string | null): number {
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const name = zone !== null && offsetOf(zone, wallMs) !== undefined ? zone : local;
  // Twice: the first guess may lie on the other side of a change of the clocks.
  const guess = wallMs - (offsetOf(name, wallMs) ?? 0);
  return wallMs - (offsetOf(name, guess) ?? 0);
}

/** As ISO in UTC; undefined where it is no time. */
export function parseWallTime(text: string, zone: string | null): string | undefined {
  const found = isoLike.exec(text);
  let ms: number;
  if (found) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', offset] = found;
    const wall = Date.UTC(
      ...([Number(year), Number(month) - 1, Number(day)] as const),
      ...([Number(hour), Number(minute), Number(second)] as const),
    );
    if (offset === undefined) ms = fromWall(wall, zone);
    else if (/^z$/i.test(offset)) ms = wall;
    else {
      const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(offset)!;
      ms = wall - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    }
  } else ms = text.length <= 60 && /\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isFinite(ms)) return undefined;
  const iso = new Date(ms).toISOString();
  return /^\d{4}-/.test(iso) ? iso : undefined;
}
