// What an operator takes, and the values that are offered for more than one of them.

/**
 * - `text`: found anywhere in the field, without case and accents.
 * - `choice`: one of the values.
 * - `tag`: the whole tag, without case and accents.
 * - `time`: see times.ts. `size`: see units.ts. `code`: the first digits of a reply code. `id`: a whole id.
 */
export type ValueKind = 'text' | 'choice' | 'tag' | 'time' | 'size' | 'code' | 'id';

export interface SearchValue {
  value: string;
  explain: string;
}

export interface SearchField {
  name: string;
  kind: ValueKind;
  /** All values of a choice; for other kinds those worth a suggestion. */
  values?: readonly SearchValue[];
  /** One sentence for completion and documentation. */
  explain: string;
  example: string;
}

export const value = (name: string, explain: string): SearchValue => ({ value: name, explain });

export const tlsValues = [
  value('none', 'Sent in clear.'),
  value('TLSv1.3', 'TLS 1.3.'),
  value('TLSv1.2', 'TLS 1.2.'),
];
export const mechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256', 'XOAUTH2', 'OAUTHBEARER'].map(
  (name) => value(name, `AUTH ${name}.`),
);
export const codes = [
  value('5', 'Any 5xx: refused for good.'),
  value('4', 'Any 4xx: refused for now.'),
  value('535', 'The login was refused.'),
  value('550', 'A mailbox was refused.'),
  value('421', 'The server closed the connection.'),
];
export const since = [
  value('1h', 'One hour ago.'),
  value('24h', 'A day ago.'),
  value('7d', 'A week ago.'),
  value('today', 'The beginning of today, UTC.'),
  value('yesterday', 'The beginning of yesterday, UTC.'),
];
export const sizes = [
  value('100kB', '100,000 bytes.'),
  value('1MB', 'A million bytes.'),
  value('10MB', 'Ten million bytes.'),
];
export const timeRules =
  'a date (2026-01-31), a time (14:30 of today, 2026-01-31T14:30), UTC unless it ends in Z or an offset, or how long ago (30m, 2h, 7d)';
