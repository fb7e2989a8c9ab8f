// A text as a test expects it: this one, a regular expression, or an asymmetric matcher of the runner.

/** `expect.stringContaining('x')` and its like. */
export interface AsymmetricMatcher {
  asymmetricMatch(value: unknown): boolean;
}
export type TextLike = string | RegExp | AsymmetricMatcher;

/** Jest's own RegExp is not ours, so it is known by what it says. */
const isRegExp = (value: unknown): value is RegExp =>
  Object.prototype.toString.call(value) === '[object RegExp]';

export const isTextLike = (value: unknown): value is TextLike =>
  typeof value === 'string' ||
  isRegExp(value) ||
  (typeof value === 'object' && value !== null && 'asymmetricMatch' in value);

export function fits(
  text: string,
  wanted: TextLike,
  { equals }: { equals?: (a: unknown, b: unknown) => boolean },
): boolean {
  if (typeof wanted === 'string') return text === wanted;
  if (isRegExp(wanted)) return new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, '')).test(text);
  return equals ? equals(text, wanted) : wanted.asymmetricMatch(text);
}

export const showMatch = (wanted: unknown): string =>
  isRegExp(wanted)
    ? String(wanted)
    : JSON.stringify(wanted, (_, value: unknown) => (isRegExp(value) ? String(value) : value));
