// The names of a certificate, and whether one of them is that of a host.

/** RFC 9525 6.3: whole labels, a wildcard only as the leftmost one. */
export function matchesName(names: readonly string[], host: string): boolean {
  const wanted = host.replace(/\.$/, '').toLowerCase();
  const parent = wanted.slice(wanted.indexOf('.') + 1);
  return names.some((name) => {
    const known = name.toLowerCase();
    return known === wanted || (known.startsWith('*.') && wanted.includes('.') && known.slice(2) === parent);
  });
}

/** At most six. */
export const listSomeNames = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');
