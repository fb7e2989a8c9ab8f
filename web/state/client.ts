// The API as state classes see it, and what to say when a call fails.
export type { Client } from '../../shared/client/client.ts';

export interface Problem {
  title: string;
  hint: string | null;
  isMissing: boolean;
}

/** An error of the API carries a code and a hint; anything else means that nobody answered. */
export function explainError(error: unknown): Problem {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : null;
    // An address that somebody typed, or that was cut off.
    if (error.code === 'invalid_request' && error.message.startsWith('path.id:'))
      return { title: 'There is nothing at this address.', hint: 'An id of it is not one.', isMissing: true };
    return { title: error.message, hint, isMissing: error.code === 'not_found' };
  }
  return {
    title: 'Mailscope does not answer.',
    hint: 'Is it still running? This page goes on by itself as soon as it is there again.',
    isMissing: false,
  };
}
