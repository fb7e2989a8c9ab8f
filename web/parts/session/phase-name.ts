// The phases of a transcript as people call them.
const names: Record<string, string> = {
  plain: 'Greeting',
  handshake: 'TLS handshake',
  secured: 'Encrypted',
  auth: 'Login',
  quit: 'Goodbye',
};

/** Before a mail, or after one: the session is in the same phase again. */
export function phaseName(phase: string, isFirst = true): string {
  if (phase === 'plain' && !isFirst) return 'Between';
  const known = Object.hasOwn(names, phase) ? names[phase] : undefined;
  return known ?? phase.charAt(0).toUpperCase() + phase.slice(1);
}
