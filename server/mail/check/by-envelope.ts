// What only the envelope tells of what was found, which the thread that parses does not see.
import { findRule } from '../../../shared/diagnose/catalogue.ts';
import { rankFound } from '../../../shared/diagnose/write-finding.ts';
import type { Found } from '../../../shared/finding.ts';
import type { Message } from '../../../shared/message.ts';
import { findParameter } from '../../../shared/smtp-text.ts';

/** UTF-8 in the header, which MAIL FROM may have told; without an envelope it is a notice. */
const isOpen = ({ rule, severity }: Found): boolean => rule === 'header.raw-8bit' && severity === 'notice';

export const needsEnvelope = (found: readonly Found[]): boolean => found.some(isOpen);

/** With SMTPUTF8 it is right (RFC 6531); without it, other servers refuse it. */
export function judgeByEnvelope(
  found: readonly Found[],
  { origin, envelope }: Pick<Message, 'origin' | 'envelope'>,
): Found[] {
  if (findParameter(envelope.from.params, 'SMTPUTF8')) return found.filter((one) => !isOpen(one));
  if (origin !== 'smtp') return [...found];
  return rankFound(
    found.map((one) => (isOpen(one) ? { ...one, severity: findRule(one.rule)!.severity } : one)),
  );
}
