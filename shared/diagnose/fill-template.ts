// Puts what was seen into the sentences of a rule. Apart from what writes findings, which brings all settings of clients.
import type { Found } from '../finding.ts';
import type { Template } from './rule.ts';

/** A name that has no value stays as it is. */
export const fillTemplate = (template: Template, vars: Found['vars']): string =>
  template.replaceAll(/\{([A-Za-z][A-Za-z0-9]*)\}/g, (whole, name: string) =>
    Object.hasOwn(vars, name) ? String(vars[name]) : whole,
  );

const unfilled = /\{[A-Za-z][A-Za-z0-9]*\}/;
export const isFilled = (text: string): boolean => !unfilled.test(text);

/** Without the sentences that have a name without a value; may be empty. */
export const filledSentences = (text: string): string => sentencesOf(text).filter(isFilled).join(' ').trim();

const sentencesOf = (text: string): string[] => text.split(/(?<=[.:]) (?=[A-Z<'"])/);

/** The same, with the title where that leaves no beginning. What a colon leads to stays or goes with it. */
export function titledSentences(text: string, title: string): string {
  const [first = '', ...others] = text.split(/(?<=\.) (?=[A-Z<'"])/);
  return [isFilled(first) ? first : `${title}.`, ...others.filter(isFilled)].join(' ');
}
