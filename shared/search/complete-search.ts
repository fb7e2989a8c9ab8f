// Suggestions for the search box: operators, and the values of those that know theirs.
import { fieldsOf, findField, operatorText } from './fields.ts';
import type { SearchField } from './field-values.ts';
import { formatValue } from './format-search.ts';
import { lexSearch, type SearchToken } from './lex-search.ts';
import type { SearchScope } from './query.ts';

export interface Suggestion {
  /** What takes the place of the range; an operator ends in its colon, anything else in a blank. */
  insert: string;
  label: string;
  explain: string;
}

export interface Completion {
  /** The range of the text that a suggestion takes the place of. */
  start: number;
  end: number;
  suggestions: Suggestion[];
}

export interface CompleteOptions {
  scope: SearchScope;
  /** What the list holds just now, by operator, e.g. `{ tag: ['checkout'] }`. */
  values?: Partial<Record<string, readonly string[]>>;
  /** Default: 12. */
  limit?: number;
}

/** Header fields that are often looked for. */
const headers = [
  'List-Unsubscribe',
  'Message-ID',
  'Reply-To',
  'X-Mailer',
  'Content-Type',
  'References',
  'X-Tags',
];

const keywords: Suggestion[] = [
  { insert: 'OR ', label: 'OR', explain: 'Either side. Binds less than AND.' },
  { insert: 'AND ', label: 'AND', explain: 'Both sides, the same as a blank.' },
  { insert: 'NOT ', label: 'NOT', explain: 'What follows must not be so, the same as "-".' },
];

/** The token that the caret stands in or right behind. */
function tokenAt(text: string, caret: number): SearchToken | undefined {
  const token = lexSearch(text).find(({ start, end }) => start < caret && caret <= end);
  return token && ['(', ')', '-'].includes(token.kind) ? undefined : token;
}

/** What could stand at the caret. Never throws; no suggestions within a phrase. */
export function completeSearch(text: string, caret: number, options: CompleteOptions): Completion {
  const at = Math.max(0, Math.min(text.length, Math.trunc(caret) || 0));
  const limit = options.limit ?? 12;
  const token = tokenAt(text, at);
  const none = { start: at, end: at, suggestions: [] };
  if (token?.kind === 'quoted') return none;
  if (token?.kind === 'field' && at >= token.valueStart) {
    const typed = text.slice(token.quoted ? token.valueStart + 1 : token.valueStart, at);
    const suggestions = valuesFor(token.name, typed, options).slice(0, limit);
    return { start: token.valueStart, end: token.end, suggestions };
  }
  const start = token?.start ?? at;
  const end = token?.kind === 'field' ? token.valueStart : (token?.end ?? at);
  const typed = text.slice(start, at);
  const isFirst = text.slice(0, start).trim() === '';
  return { start, end, suggestions: operatorsFor(typed, isFirst, options.scope).slice(0, limit) };
}

function operatorsFor(typed: string, isFirst: boolean, scope: SearchScope): Suggestion[] {
  const header = /^header\.(.*)$/i.exec(typed);
  if (header && findField(scope, 'header')) return headersFor(header[1]!);
  const small = typed.toLowerCase();
  const fields = fieldsOf(scope).filter(({ name }) => name.startsWith(small));
  const operators = fields.map((field) => ({
    insert: operatorText(field),
    label: operatorText(field),
    explain: field.explain,
  }));
  // In capitals only: "or" is a word to be searched for.
  const joining =
    isFirst || typed !== typed.toUpperCase()
      ? []
      : keywords.filter(({ label }) => label.startsWith(typed) && (typed !== '' || label === 'OR'));
  return typed === '' ? [...operators, ...joining] : [...joining, ...operators];
}

const headersFor = (typed: string): Suggestion[] =>
  headers
    .filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()))
    .map((name) => ({
      insert: `header.${name}:`,
      label: `header.${name}:`,
      explain: `The ${name} field.`,
    }));

function valuesFor(name: string, typed: string, { scope, values = {} }: CompleteOptions): Suggestion[] {
  const field: SearchField | undefined = findField(scope, name.toLowerCase());
  if (field === undefined) return [];
  const small = typed.toLowerCase();
  const known = (field.values ?? []).map(({ value, explain }) => ({ value, explain }));
  const seen = new Set(known.map(({ value }) => value.toLowerCase()));
  for (const value of values[field.name] ?? []) {
    if (!seen.has(value.toLowerCase())) known.push({ value, explain: '' });
    seen.add(value.toLowerCase());
  }
  const fits = (value: string): boolean =>
    field.kind === 'text' || field.kind === 'tag'
      ? value.toLowerCase().includes(small)
      : value.toLowerCase().startsWith(small);
  return known
    .filter(({ value }) => fits(value) && value.toLowerCase() !== small)
    .map(({ value, explain }) => ({ insert: `${formatValue(value)} `, label: value, explain }));
}
