// Medians, percentiles, and how numbers are written.

export const sorted = (values) => [...values].sort((a, b) => a - b);

/** `share` from 0 to 1, nearest rank. */
export function percentile(values, share) {
  const all = sorted(values);
  return all[Math.min(all.length - 1, Math.max(0, Math.ceil(all.length * share) - 1))];
}

export function median(values) {
  const all = sorted(values);
  const middle = all.length >> 1;
  return all.length % 2 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
}

/** Three figures, without an exponent. */
export function format(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '-';
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
