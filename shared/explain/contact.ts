// The contacts of a text/vcard part (RFC 6350, and the older 3.0 and 2.1), for a look at an attachment.
import { parseContentLines, readText, splitValue, type ContentLine } from './content-lines.ts';

export interface ContactValue {
  /** e.g. `work, mobile`; empty when not said. */
  type: string;
  value: string;
}

export interface Contact {
  name: string;
  organization: string;
  title: string;
  emails: ContactValue[];
  phones: ContactValue[];
  addresses: ContactValue[];
  urls: ContactValue[];
  birthday: string;
  note: string;
  hasPhoto: boolean;
}

const maxContacts = 500;
const maxValues = 50;

const emptyContact = (): Contact => ({
  ...{ name: '', organization: '', title: '', birthday: '', note: '', hasPhoto: false },
  ...{ emails: [], phones: [], addresses: [], urls: [] },
});

/** vCard 2.1: bytes as `=C3=A9`, in UTF-8 unless CHARSET says ISO-8859-1 or nothing fits. */
function decodeQuotedPrintable(value: string): string {
  const escaped = value.replace(/=([0-9A-F]{2})/gi, '%$1');
  try {
    return decodeURIComponent(escaped.replace(/%(?![0-9A-F]{2})/gi, '%25'));
  } catch {
    return value.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
}

function readValue({ params, value }: ContentLine): string {
  const isEncoded = [...(params.get('ENCODING') ?? []), ...(params.get('TYPE') ?? [])].some(
    (word) => word.toUpperCase() === 'QUOTED-PRINTABLE',
  );
  return isEncoded ? decodeQuotedPrintable(value.slice(0, 20_000)) : value;
}

/** Words that say how the value is written, or nothing. */
const silent = new Set(['internet', 'pref', 'voice', 'quoted-printable', 'base64', 'uri', 'text']);

function readTypes(params: ContentLine['params']): string {
  const words = (params.get('TYPE') ?? []).flatMap((word) => word.toLowerCase().split(',', 10)).slice(0, 10);
  const said = words.map((word) => (word === 'cell' ? 'mobile' : word.trim().slice(0, 40)));
  return [...new Set(said)].filter((word) => word !== '' && !silent.has(word)).join(', ');
}

const join = (value: string, separator: string): string =>
  splitValue(value, ';')
    .map((part) => part.trim())
    .filter(Boolean)
    .join(separator);

/** `Family;Given;Middle;Prefix;Suffix` (RFC 6350 6.2.2). */
function joinName(value: string): string {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = splitValue(value, ';', 5);
  return [prefix, given, middle, family, suffix].filter((part) => part !== '').join(' ');
}

function readProperty(contact: Contact, line: ContentLine): void {
  const value = readValue(line);
  const add = (values: ContactValue[], text: string): void => {
    if (text !== '' && values.length < maxValues)
      values.push({ type: readTypes(line.params), value: text.slice(0, 2000) });
  };
  switch (line.name) {
    case 'FN':
      contact.name = readText(value, 1000) || contact.name;
      break;
    case 'N':
      contact.name ||= joinName(value.slice(0, 1000));
      break;
    case 'ORG':
      contact.organization ||= join(value.slice(0, 1000), ', ');
      break;
    case 'TITLE':
      contact.title ||= readText(value, 1000);
      break;
    case 'EMAIL':
      add(contact.emails, readText(value, 1000).replace(/^mailto:/i, ''));
      break;
    case 'TEL':
      add(contact.phones, readText(value, 1000).replace(/^tel:/i, ''));
      break;
    case 'ADR':
      add(contact.addresses, join(value.slice(0, 2000), ', '));
      break;
    case 'URL':
      add(contact.urls, readText(value, 2000));
      break;
    case 'BDAY':
      contact.birthday ||= readText(value, 60).replace(/^(\d{4})(\d{2})(\d{2})/, '$1-$2-$3');
      break;
    case 'NOTE':
      contact.note ||= readText(value);
      break;
    case 'PHOTO':
      contact.hasPhoto = true;
  }
}

/** Anything gives a list, perhaps an empty one. Never throws. */
export function parseContacts(text: string): Contact[] {
  const found: Contact[] = [];
  let contact: Contact | null = null;
  for (const line of parseContentLines(text)) {
    const isCard = line.value.trim().toUpperCase() === 'VCARD';
    if (line.name === 'BEGIN' && isCard) {
      if (contact) found.push(contact);
      contact = emptyContact();
    } else if (line.name === 'END' && isCard) {
      if (contact) found.push(contact);
      contact = null;
    } else if (contact) readProperty(contact, line);
    if (found.length >= maxContacts) return found;
  }
  return contact ? [...found, contact] : found;
}
