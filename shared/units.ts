// Sizes and durations as people write them, in flags, environment, files and queries.

const durationUnits: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const sizeUnits: Record<string, number> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

function parseQuantity(text: string, units: Record<string, number>): number | undefined {
  const match = /^(\d{1,16}(?:\.\d{1,6})?) ?([A-Za-z]{0,3})$/.exec(text.trim());
  if (!match) return undefined;
  const unit = match[2] === '' ? 1 : units[match[2]!.toLowerCase()];
  if (unit === undefined) return undefined;
  const quantity = Math.round(Number(match[1]) * unit);
  return Number.isSafeInteger(quantity) ? quantity : undefined;
}

/** `300ms`, `8s`, `2m`, `1h`, `7d`, or a number of milliseconds. The result is in milliseconds; undefined if it is none. */
export const parseDuration = (text: string): number | undefined => parseQuantity(text, durationUnits);

/** `50MB` (decimal), `2GiB` (binary), or a number of bytes. The result is in bytes; undefined if it is none. */
export const parseSize = (text: string): number | undefined => parseQuantity(text, sizeUnits);
