// What is wrong with a message that is in no store, for the command.
import type { Found } from '../shared/finding.ts';
import { messageSubject } from '../shared/diagnose/write-finding.ts';
import { parseMessage } from './mail/parse.ts';

/** The findings, the worst first, and whom they are about. */
export async function checkMail(raw: Buffer): Promise<{ found: Found[]; subject: string }> {
  const { findingList, from } = await parseMessage(raw);
  return { found: findingList, subject: messageSubject({ from, mailFrom: '' }) };
}
