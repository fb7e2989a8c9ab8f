// The envelope beside the header: who gets the message and is not named in it, who is named and does not get it, and
// whether the visible author is the one that bounces go to.
import type { Message } from '../message.ts';
import { parseAddressList, rawValue } from './address.ts';
import { foldAddress } from './fold-address.ts';
import { list } from './wording.ts';

export interface EnvelopeFact {
  kind:
    | 'blind-copy'
    | 'not-delivered'
    | 'bcc-shown'
    | 'recipient-twice'
    | 'no-visible-recipient'
    | 'no-author'
    | 'null-sender'
    | 'same-sender'
    | 'same-domain'
    | 'related-domain'
    | 'other-domain';
  /** What it is about, at most 100. */
  addresses: string[];
  sentence: string;
}

/** The part of a message that is compared. */
type Letter = Pick<Message, 'envelope' | 'headers'>;

const maxListed = 100;
const maxAddress = 1000;
const visible = new Set(['to', 'cc', 'bcc']);

const domainOf = (address: string): string =>
  foldAddress(address.slice(address.lastIndexOf('@') + 1)).replace(/\.$/, '');

/** By folded form, the address as first written. */
function unique(addresses: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const address of addresses)
    if (address !== '' && !found.has(foldAddress(address))) found.set(foldAddress(address), address);
  return found;
}

function headerAddresses(message: Letter, name: string): string[] {
  return message.headers
    .filter((field) => field.name.trim().toLowerCase() === name)
    .flatMap((field) => parseAddressList(rawValue(field)).map(({ address }) => address))
    .filter((address) => address !== '');
}

const difference = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] =>
  [...one].filter(([key]) => !other.has(key)).map(([, address]) => address);

function findRecipientFacts(message: Letter): EnvelopeFact[] {
  const facts: EnvelopeFact[] = [];
  const add = (kind: EnvelopeFact['kind'], addresses: string[], sentence: string): void => {
    facts.push({ kind, addresses: addresses.slice(0, maxListed), sentence });
  };
  const received = message.envelope.to.map(({ address }) => address.slice(0, maxAddress));
  const envelope = unique(received);
  const named = unique([...visible].flatMap((name) => headerAddresses(message, name)));
  const blind = difference(envelope, named);
  const absent = difference(named, envelope);
  const shown = headerAddresses(message, 'bcc');
  const seen = new Set<string>();
  const twice = unique(received.filter((address) => seen.size === seen.add(foldAddress(address)).size));

  if (blind.length > 0)
    add(
      'blind-copy',
      blind,
      `${list(blind)} ${blind.length === 1 ? 'gets' : 'get'} it by RCPT TO and ${blind.length === 1 ? 'is' : 'are'} not in To, Cc or Bcc: a blind copy.`,
    );
  // An envelope that is not known (an import, the API) says nothing about who gets it.
  if (absent.length > 0 && envelope.size > 0)
    add(
      'not-delivered',
      absent,
      `${list(absent)} ${absent.length === 1 ? 'is' : 'are'} in the header, but no accepted RCPT TO names ${absent.length === 1 ? 'it' : 'them'}: this message does not go there.`,
    );
  if (shown.length > 0)
    add(
      'bcc-shown',
      shown,
      `The Bcc field was sent along, so every recipient can read it: ${list(shown)} (RFC 5322 3.6.3).`,
    );
  if (twice.size > 0)
    add('recipient-twice', [...twice.values()], `RCPT TO names ${list([...twice.values()])} more than once.`);
  if (named.size === 0 && envelope.size > 0)
    add('no-visible-recipient', [], 'Neither To, Cc nor Bcc names anybody.');
  return facts;
}

/** RFC 9989 and RFC 7489 3.1: without the public suffix list only equal and nested domains are certain. */
function relate(author: string, sender: string): 'same-domain' | 'related-domain' | 'other-domain' {
  if (author === sender) return 'same-domain';
  if (author.endsWith(`.${sender}`) || sender.endsWith(`.${author}`)) return 'related-domain';
  return 'other-domain';
}

const aligned: Record<
  'same-domain' | 'related-domain' | 'other-domain',
  (author: string, sender: string) => string
> = {
  'same-domain': (author) => `From and MAIL FROM are both of ${author}, so SPF can count for DMARC.`,
  'related-domain': (author, sender) =>
    `From is of ${author}, MAIL FROM of ${sender}: SPF counts for DMARC if alignment is relaxed, as it is by default.`,
  'other-domain': (author, sender) =>
    `From is of ${author}, MAIL FROM of ${sender}: unless both belong to one organisation, SPF does not count for DMARC and DKIM must sign for ${author}.`,
};

function findSenderFacts(message: Letter): EnvelopeFact[] {
  const authors = headerAddresses(message, 'from');
  const sender = message.envelope.from.address.slice(0, maxAddress);
  const [author] = authors;
  if (author === undefined)
    return [{ kind: 'no-author', addresses: [], sentence: 'The From field is missing or names no address.' }];
  if (sender === '')
    return [
      {
        kind: 'null-sender',
        addresses: authors.slice(0, maxListed),
        sentence: `MAIL FROM is empty, so nobody gets a bounce; that is meant for reports (RFC 5321 4.5.5). From is ${list(authors)}.`,
      },
    ];
  const facts: EnvelopeFact[] = [];
  const same = authors.some((address) => foldAddress(address) === foldAddress(sender));
  if (same)
    facts.push({
      kind: 'same-sender',
      addresses: [sender],
      sentence: `From and MAIL FROM are both ${sender}.`,
    });
  const [from, mail] = [domainOf(author), domainOf(sender)];
  const kind = relate(from, mail);
  return [...facts, { kind, addresses: [author, sender], sentence: aligned[kind](from, mail) }];
}

/** Facts in the order in which a person would want them. Never throws. */
export function compareEnvelope(message: Letter): EnvelopeFact[] {
  return [...findRecipientFacts(message), ...findSenderFacts(message)];
}
