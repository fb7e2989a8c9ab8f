// An error for the person at the terminal, in three parts: what, why, what to do.
import { reasonOf } from '../../shared/client/unreachable.ts';
import { MailscopeError } from '../../shared/errors.ts';
import { escapeControls } from '../log.ts';
import { UsageError } from '../config/usage-error.ts';
import type { Refusal } from '../refusal.ts';

const systemHints: Record<string, string> = {
  EADDRINUSE: 'Is another Mailscope running? Give it other ports, or 0 for free ones, e.g. --smtp-port 0.',
  EACCES: 'Choose another place or a port above 1023, or change the permissions.',
  EPERM: 'Choose another place or a port above 1023, or change the permissions.',
  EROFS: 'Choose a place that can be written to.',
  ENOSPC: 'Make room on the disk, or choose another place.',
  ENOENT: 'Check the path.',
  EISDIR: 'Give a file.',
  ENOTDIR: 'Give a folder.',
  ENOTFOUND: 'Check the host name.',
  EADDRNOTAVAIL: '--host must be an address of this machine.',
};

function format(what: string, why: string | null, hint: string | null): string {
  const parts = [`mailscope: ${what}`, why && `  Why: ${why}`, hint && `  Do:  ${hint}`];
  return parts.flatMap((part) => (part ? [`${escapeControls(part)}\n`] : [])).join('');
}

export function explainError(error: unknown): { text: string; exitCode: number } {
  if (error instanceof UsageError) return { text: format(error.message, error.why, error.hint), exitCode: 2 };
  // By name: the bundle of the program and that of the library may each have a class of their own.
  if (error instanceof Error && error.name === 'Refusal') {
    const { what, why, hint } = (error as Refusal).parts;
    return { text: format(what, why, hint), exitCode: 1 };
  }
  if (error instanceof MailscopeError) {
    return { text: format(error.message, reasonOf(error.cause), error.hint), exitCode: 1 };
  }
  const { code, message } = error as NodeJS.ErrnoException;
  // The joint error of several tried addresses has no text.
  const hint = systemHints[code ?? ''];
  if (hint !== undefined)
    return { text: format('It could not be done.', message || code!, hint), exitCode: 1 };
  const stack = error instanceof Error ? (error.stack ?? message) : String(error);
  const lines = stack.split('\n').slice(0, 8).map(escapeControls).join('\n  ');
  return {
    text: `mailscope: It failed in a way that was not foreseen.\n  Why: ${lines}\n  Do:  Please report it.\n`,
    exitCode: 1,
  };
}
