// Words around numbers and lists, for sentences.

/** `1 byte`, `1,234 bytes`: by one locale, so that a server and a browser say the same. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function list(items: readonly string[], limit = 5): string {
  const shown = items.slice(0, items.length > limit ? limit - 1 : limit);
  const rest = items.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
