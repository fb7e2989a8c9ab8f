// The phases of a transcript as people call them.
const names: Record<string, string> = {
  plain: 'Greeting',
  handshake: 'TLS handshake',
  secured: 'Encrypted',
  auth: 'Login',
  quit: 'Goodbye',
};

export function phaseName(phase: string): string {
  const known = Object.hasOwn(names, phase) ? names[phase] : undefined;
  return known ?? phase.charAt(0).toUpperCase() + phase.slice(1);
}
