// A query as its canonical text: what parseSearch reads back as the same tree.
import type { FieldTerm, Query } from './query.ts';

export const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** What stands behind an operator, in quotes where it would not be read as one word. */
export const formatValue = (value: string): string => (/^[^\s"()]+$/.test(value) ? value : quote(value));

function formatField({ field, header, value }: FieldTerm): string {
  const name = header === null ? field : `${field}.${header}`;
  return `${name}:${formatValue(value)}`;
}

const grouped = (query: Query): string =>
  query.type === 'and' || query.type === 'or' ? `(${formatSearch(query)})` : formatSearch(query);

/** The empty text for null. */
export function formatSearch(query: Query | null): string {
  switch (query?.type) {
    case undefined:
      return '';
    case 'and':
      return query.of.map((part) => (part.type === 'or' ? grouped(part) : formatSearch(part))).join(' ');
    case 'or':
      return query.of.map(formatSearch).join(' OR ');
    case 'not':
      return `-${grouped(query.of)}`;
    case 'word':
      return query.text;
    case 'phrase':
      return quote(query.text);
    case 'field':
      return formatField(query);
  }
}
