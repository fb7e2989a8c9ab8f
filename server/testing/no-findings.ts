// What toHaveNoFindings looks at, and how it says what is wrong.
import { findRule } from '../../shared/diagnose/catalogue.ts';
import { fillTemplate } from '../../shared/diagnose/fill-template.ts';
import { isBelow } from '../../shared/expect/severity.ts';
import type { Found } from '../../shared/finding.ts';
import type { Message } from '../../shared/message.ts';
import type { Session } from '../../shared/session.ts';
import { severities, type Severity } from '../../shared/severity.ts';
import { onlyFields } from './matcher-input.ts';

export interface FindingOptions {
  /** The worst that is allowed. Default: notice. */
  worst?: Severity | undefined;
  /** Rules that may be there all the same, e.g. `header.no-date`. */
  except?: string[] | undefined;
}
type Findable = Pick<Message | Session, 'id'> & { findingList?: Found[] | undefined };

const has = (value: unknown, field: string): boolean =>
  typeof value === 'object' && value !== null && field in value;

/** Throws unless all that is wrong with it is known. */
export function requireFindable(matcher: string, value: unknown): void {
  if (has(value, 'headers') && has(value, 'rcptTo')) return;
  if (!has(value, 'transactions') || !has(value, 'ended'))
    throw new TypeError(
      `${matcher} takes a message or a session, as waitForMessage and waitForSession give them.`,
    );
  if ((value as Session).ended === null)
    throw new TypeError(
      `${matcher} takes a session that has ended: this one still runs. Close the connection, and wait for "NOT outcome:open".`,
    );
}

/** Those that are not allowed. Throws where the options are none. */
export function unwanted(matcher: string, { findingList = [] }: Findable, options: FindingOptions): Found[] {
  const { worst = 'notice', except = [] } = onlyFields(matcher, options, ['worst', 'except']);
  if (!severities.includes(worst))
    throw new TypeError(`${matcher} knows no severity ${worst}. There are: ${severities.join(', ')}.`);
  return findingList.filter(({ rule, severity }) => isBelow(worst, severity) && !except.includes(rule));
}

const where = ([first]: Found['evidence']): string => {
  switch (first?.kind) {
    case 'line':
      return ` (line ${first.n} of the transcript)`;
    case 'message':
      return ` (byte ${first.offset}${first.header === undefined ? '' : `, ${first.header}`})`;
    default:
      return '';
  }
};

/** Each with its evidence and what to do. */
export const describeFound = ({ rule, severity, vars, evidence }: Found): string => {
  const words = findRule(rule);
  const say = (template: string): string => fillTemplate(template, vars);
  const fix = words?.fixes[0];
  return [
    `${severity} ${rule}${where(evidence)}: ${words === undefined ? '' : say(words.explanation)}`,
    ...(fix === undefined ? [] : [`  ${say(fix.text)}`]),
  ].join('\n  ');
};
