// Reads one `operator:value` and checks it by the table of operators.
import { parseSize } from '../units.ts';
import { fieldsOf, findField, operatorText } from './fields.ts';
import type { SearchField } from './field-values.ts';
import { quote } from './format-search.ts';
import type { Place, SearchToken } from './lex-search.ts';
import type { FieldTerm, SearchScope } from './query.ts';
import { parseTime } from './times.ts';

type FieldToken = Extract<SearchToken, { kind: 'field' }>;
type Report = (place: Place, message: string, hint: string) => null;

export function parseFieldTerm(token: FieldToken, scope: SearchScope, report: Report): FieldTerm | null {
  const { name, value, start, valueStart, end } = token;
  const dot = name.indexOf('.');
  const field = findField(scope, (dot < 0 ? name : name.slice(0, dot)).toLowerCase());
  if (field === undefined || (dot >= 0 && field.name !== 'header'))
    return reportUnknown(token, scope, report);
  const header = dot < 0 ? null : name.slice(dot + 1);
  const operator = { start, end: valueStart };
  if (field.name === 'header' && !header)
    return report(
      operator,
      'header needs the name of the field.',
      `Write it behind a dot: ${field.example}.`,
    );
  if (!token.closed)
    return report({ start: valueStart, end: valueStart + 1 }, 'This quote is not closed.', 'Add a second ".');
  if (value === '' && !(token.quoted && header !== null))
    return report(
      operator,
      `${name}: has no value.`,
      `Write it right behind the colon: ${exampleOf(field)}.`,
    );
  const problem = explainProblem(field, value);
  if (problem) return report({ start: valueStart, end }, problem.message, problem.hint);
  return {
    type: 'field',
    field: field.name,
    header,
    value: field.kind === 'choice' ? value.toLowerCase() : value,
  };
}

const exampleOf = (field: SearchField): string =>
  field.name === 'header' ? `${field.example}, or "" for any value` : field.example;

function reportUnknown(token: FieldToken, scope: SearchScope, report: Report): null {
  const { name, value, start, valueStart } = token;
  const place = { start, end: valueStart };
  const asText = `To search for the text put it in quotes: ${quote(`${name}:${value}`.slice(0, 40))}.`;
  const other = scope === 'messages' ? 'sessions' : 'messages';
  if (findField(other, name.toLowerCase().replace(/^header\..*/, 'header')))
    return report(place, `${name}: is an operator of the search in ${other}.`, asText);
  const near = nearestField(scope, name.toLowerCase());
  return report(
    place,
    `There is no operator ${name}:.`,
    near ? `Is it ${operatorText(near)}? ${asText}` : asText,
  );
}

function explainProblem(field: SearchField, value: string): { message: string; hint: string } | null {
  const like = `For example ${field.example}.`;
  switch (field.kind) {
    case 'choice': {
      const known = field.values?.map((choice) => choice.value) ?? [];
      if (known.includes(value.toLowerCase())) return null;
      return { message: `${field.name}: does not know this value.`, hint: `It takes ${known.join(', ')}.` };
    }
    case 'time':
      if (parseTime(value, 0) !== undefined) return null;
      return {
        message: 'This is no time.',
        hint: 'A date is written 2026-01-31, a time 2026-01-31T14:30 or 14:30, a time ago 30m, 2h or 7d.',
      };
    case 'size':
      return parseSize(value) === undefined
        ? { message: 'This is no size.', hint: `A number with B, kB, MB or MiB. ${like}` }
        : null;
    case 'code':
      return /^[1-5]\d{0,2}$/.test(value)
        ? null
        : { message: 'This is no reply code.', hint: `One to three digits, the first from 1 to 5. ${like}` };
    default:
      return null;
  }
}

/** One that is at most two letters away. */
function nearestField(scope: SearchScope, name: string): SearchField | undefined {
  let best: { field: SearchField; distance: number } | undefined;
  if (name.length > 20) return undefined;
  for (const field of fieldsOf(scope)) {
    const distance = editDistance(name, field.name);
    if (distance <= Math.min(2, field.name.length - 1) && distance < (best?.distance ?? 3))
      best = { field, distance };
  }
  return best?.field;
}

/** Letters to add, take away, replace, or swap with the next. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
