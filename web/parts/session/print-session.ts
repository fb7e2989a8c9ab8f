// Prints a session.
import type { Session } from '../../../shared/session.ts';
import { print } from '../print.ts';
import SessionSheet from './SessionSheet.svelte';

export const printSession = (session: Session, text: string): Promise<void> =>
  print(SessionSheet, { session, text });
