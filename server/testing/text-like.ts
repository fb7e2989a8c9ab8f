// A text as a test expects it: this one, a regular expression, or an asymmetric matcher of the runner.

/** `expect.stringContaining('x')` and its like. */
export interface AsymmetricMatcher {
  asymmetricMatch(value: unknown): boolean;
}
export type TextLike = string | RegExp | AsymmetricMatcher;

/** Known by what they do: a runner may have a RegExp of its own. */
export const isTextLike = (value: unknown): value is TextLike =>
  typeof value === 'string' ||
  (typeof value === 'object' &&
    value !== null &&
    (Object.prototype.toString.call(value) === '[object RegExp]' || 'asymmetricMatch' in value));

export function fits(
  text: string,
  wanted: TextLike,
  { equals }: { equals?: (a: unknown, b: unknown) => boolean },
): boolean {
  if (typeof wanted === 'string') return text === wanted;
  // Jest's own RegExp is not ours, so it is known by what it does.
  if ('test' in wanted) return new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, '')).test(text);
  return equals ? equals(text, wanted) : wanted.asymmetricMatch(text);
}

export const showMatch = (wanted: unknown): string =>
  Object.prototype.toString.call(wanted) === '[object RegExp]'
    ? String(wanted)
    : JSON.stringify(wanted, (_, value: unknown) =>
        Object.prototype.toString.call(value) === '[object RegExp]' ? String(value) : value,
      );
