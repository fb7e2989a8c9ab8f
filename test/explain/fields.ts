// Header fields and messages for the tests of explanations, as the server would give them.
import type { HeaderField, Message } from '../../shared/message.ts';

/** `Name: value` with folding as sent. */
export function field(raw: string): HeaderField {
  const colon = raw.indexOf(':');
  return {
    name: raw.slice(0, colon),
    value: raw
      .slice(colon + 1)
      .replace(/\r?\n(?=[ \t])/g, '')
      .trim(),
    raw,
    offset: 0,
    length: raw.length,
  };
}

export const fieldsOf = (...raws: string[]): HeaderField[] => raws.map(field);

const envelopeAddress = (address: string): Message['envelope']['from'] => ({
  address,
  params: [],
  line: 0,
  reply: null,
});

/** What explanations look at: the envelope and the header. */
export const messageOf = (
  from: string,
  to: string[],
  headers: HeaderField[],
): Pick<Message, 'envelope' | 'headers'> => ({
  envelope: { from: envelopeAddress(from), to: to.map(envelopeAddress) },
  headers,
});
