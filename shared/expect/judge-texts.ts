// Whether texts, numbers and fields are as expected, and the words to say so.
import type { FieldsMatch, NumberMatch, TextMatch } from './matchers.ts';

/** What judging needs from outside: a time limit for expressions, and a parser of HTML. */
export interface Tools {
  /** Throws MailscopeError `invalid_request` for what is no expression, or takes too long. */
  matchesPattern(pattern: string, ignoreCase: boolean, text: string): boolean;
  /** Throws MailscopeError `invalid_request` for what is no selector. */
  selectHtml(html: string, selector: string): { elements: SelectedElement[]; truncated: boolean };
}

export interface SelectedElement {
  name: string;
  attributes: Record<string, string>;
  /** White space folded. */
  text: string;
}

const list = (given: string | string[] | undefined): string[] =>
  given === undefined ? [] : typeof given === 'string' ? [given] : given;

/** A text of strangers within a sentence. */
export function quote(text: string, length = 120): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return JSON.stringify(line.length > length ? `${line.slice(0, length)}…` : line);
}

export function textHolds(match: TextMatch, text: string, tools: Tools): boolean {
  if (typeof match === 'string') return text === match;
  const fold = (value: string): string => (match.ignoreCase ? value.toLowerCase() : value);
  const own = fold(text);
  return (
    (match.equals === undefined || own === fold(match.equals)) &&
    list(match.contains).every((piece) => own.includes(fold(piece))) &&
    !list(match.lacks).some((piece) => own.includes(fold(piece))) &&
    (match.matches === undefined || tools.matchesPattern(match.matches, match.ignoreCase ?? false, text))
  );
}

export function describeText(match: TextMatch): string {
  if (typeof match === 'string') return `is ${quote(match)}`;
  const parts = [
    match.equals === undefined ? [] : `is ${quote(match.equals)}`,
    list(match.contains).map((piece) => `contains ${quote(piece)}`),
    list(match.lacks).map((piece) => `lacks ${quote(piece)}`),
    match.matches === undefined ? [] : `matches /${match.matches}/`,
  ].flat();
  return `${parts.join(' and ')}${match.ignoreCase ? ', whatever the case' : ''}`;
}

export function numberHolds(match: NumberMatch, value: number): boolean {
  if (typeof match === 'number') return value === match;
  return value >= (match.min ?? 0) && value <= (match.max ?? Infinity);
}

export function describeNumber(match: NumberMatch): string {
  if (typeof match === 'number') return String(match);
  const { min, max } = match;
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

/** Whether what is counted is told in the singular. */
export const isOfOne = (match: NumberMatch): boolean =>
  (typeof match === 'number' ? match : (match.max ?? match.min)) === 1;

/** `at least 1 link`, `2 links`: `kind` has an s at its end. */
export const describeCount = (match: NumberMatch, kind: string): string =>
  `${describeNumber(match)} ${isOfOne(match) ? kind.slice(0, -1) : kind}`;

/** What does not hold of fields with names, one sentence each; of several with a name one must fit. */
export function fieldProblems(
  match: FieldsMatch,
  fields: { name: string; value: string }[],
  tools: Tools,
): string[] {
  return Object.entries(match).flatMap(([name, wanted]) => {
    const values = fields.filter((field) => field.name.toLowerCase() === name.toLowerCase());
    if (wanted === null) return values.length === 0 ? [] : [`${name} is ${quote(values[0]!.value)}`];
    if (values.some(({ value }) => textHolds(wanted, value, tools))) return [];
    if (values.length === 0) return [`there is no ${name}`];
    return [
      `${name} is ${values
        .slice(0, 5)
        .map(({ value }) => quote(value))
        .join(', ')}`,
    ];
  });
}

export const describeFields = (match: FieldsMatch): string =>
  Object.entries(match)
    .map(([name, wanted]) => (wanted === null ? `no ${name}` : `${name} ${describeText(wanted)}`))
    .join(', ');
