// The times that calls take, as ISO 8601 writes them.

const form = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/i;

/** Milliseconds since 1970; undefined where it is no time. A day that the month has not is none. */
export function parseIsoTime(text: string): number | undefined {
  const day = form.exec(text)?.[1];
  const ms = day === undefined ? NaN : Date.parse(text);
  // Date.parse takes the 30th of February for the 2nd of March.
  const isThere = Number.isFinite(ms) && new Date(Date.parse(day!)).toISOString().startsWith(day!);
  return isThere ? ms : undefined;
}
