// The parts of a transcript as people call them.
import type { Band } from './transcript-rows.ts';

const names: Record<string, string> = {
  plain: 'Greeting',
  handshake: 'TLS handshake',
  secured: 'Encrypted',
  auth: 'Login',
  quit: 'Goodbye',
};

export const phaseName = (phase: string): string =>
  (Object.hasOwn(names, phase) ? names[phase] : undefined) ?? phase.replace(/^transaction /, 'Mail ');

/** The session comes to the same phase again after a login or a mail. */
export function bandName({ phase, firstLine, isAfterMail }: Band): string {
  if (isAfterMail && (phase === 'plain' || phase === 'secured')) return 'Between mails';
  return phase === 'plain' && firstLine > 0 ? 'Dialogue' : phaseName(phase);
}
