// Where two readings of a message differ. What is only a matter of form is none: white space, letter case of addresses,
// how an undecodable byte is shown.
import type { Address } from '../../shared/message.ts';
import type { Reading } from './reading.ts';

export const comparedFields = ['subject', 'from', 'to', 'cc', 'date', 'parts', 'attachments'] as const;
export type ComparedField = (typeof comparedFields)[number];

export interface Disagreement {
  field: ComparedField;
  ours: string;
  theirs: string;
}

const plain = (text: string): string =>
  text
    .replace(/[\ufffd\0]+/g, '\ufffd')
    .replace(/\s+/g, ' ')
    .trim();

const address = ({ name, address }: Address): string =>
  `${plain(name).replace(/^(["'])(.*)\1$|^\((.*)\)$/, '$2$3')} <${address.toLowerCase().replace(/[\s"]/g, '')}>`;

/** In a form in which equal readings are equal texts. */
export function written(reading: Partial<Reading>, field: ComparedField): string | undefined {
  if (reading[field] === undefined) return undefined;
  switch (field) {
    case 'subject':
      return plain(reading.subject!);
    case 'from':
    case 'to':
    case 'cc':
      // What has no address at all is a matter of taste.
      return reading[field]!.filter(({ address }) => address !== '')
        .map(address)
        .join(', ');
    case 'date':
      return reading.date === null ? '' : new Date(reading.date!).toISOString();
    case 'parts':
      return reading.parts!.map(({ type, sha256 }) => `${type}:${sha256?.slice(0, 12) ?? ''}`).join(' ');
    case 'attachments':
      return reading
        .attachments!.map(({ filename, sha256 }) => `${plain(filename)}:${sha256?.slice(0, 12) ?? ''}`)
        .sort()
        .join(' | ');
  }
}

/** Of the fields that both have. */
export function compareReadings(ours: Partial<Reading>, theirs: Partial<Reading>): Disagreement[] {
  return comparedFields.flatMap((field) => {
    const [a, b] = [written(ours, field), written(theirs, field)];
    return a === undefined || b === undefined || a === b ? [] : [{ field, ours: a, theirs: b }];
  });
}
