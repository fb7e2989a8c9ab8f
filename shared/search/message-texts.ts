// The texts of a message that the search looks at, as the index keeps them and the matcher compares them.
import type { FoundSummary } from '../finding.ts';
import type { Address } from '../message.ts';
import { foldText, padWords } from './fold.ts';
import { htmlText } from './html-text.ts';

/** How much of a hostile message is searched. */
export const searched = {
  /** Of a field such as the subject or all recipients. */
  fieldCharacters: 32_768,
  /** Of the text, and again of the HTML. */
  bodyCharacters: 100_000,
  headers: 1000,
  headerCharacters: 1000,
} as const;

/** What the search needs to know of a message. */
export interface SearchableMessage {
  receivedAtUs: number;
  size: number;
  from: Address[];
  mailFrom: string;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  /** The accepted RCPT TO. */
  recipients: string[];
  subject: string;
  text: string | null;
  html: string | null;
  headers: { name: string; value: string }[];
  attachments: { filename: string; contentType: string }[];
  problem: string | null;
  findings?: FoundSummary | undefined;
  tls: string | null;
  user: string | null;
  mechanism: string | null;
  clientName: string | null;
  /** Null where the session is gone. */
  sessionId: string | null;
  /** Reply codes of the session, as far as it is stored. */
  codes: number[];
  /** How many anomalies the session has. */
  anomalies: number;
  read: boolean;
  pinned: boolean;
  tags: string[];
}

/** Folded, see fold.ts. */
export interface MessageTexts {
  sender: string;
  to: string;
  cc: string;
  bcc: string;
  rcpt: string;
  subject: string;
  filenames: string;
  attachments: string;
  tls: string;
  user: string;
  mechanism: string;
  client: string;
}

const addressText = ({ name, address }: Address): string => (name === '' ? address : `${name} <${address}>`);

/** One line each: nothing that is searched for holds a line break. */
function lines(texts: string[]): string {
  const folded: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (length > searched.fieldCharacters) break;
    folded.push(foldText(text.slice(0, searched.fieldCharacters)));
    length += folded.at(-1)!.length + 1;
  }
  return folded.join('\n').slice(0, searched.fieldCharacters);
}

/** Recipients of the envelope that the fields do not name. */
function hiddenRecipients({ to, cc, recipients }: SearchableMessage): string[] {
  const named = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()));
  return recipients.filter((address) => !named.has(address.toLowerCase()));
}

export function messageTexts(message: SearchableMessage): MessageTexts {
  const { attachments } = message;
  return {
    sender: lines([...message.from.map(addressText), message.mailFrom]),
    to: lines(message.to.map(addressText)),
    cc: lines(message.cc.map(addressText)),
    bcc: lines([...message.bcc.map(addressText), ...hiddenRecipients(message)]),
    rcpt: lines(message.recipients),
    subject: lines([message.subject]),
    filenames: lines(attachments.map(({ filename }) => filename)),
    attachments: lines(attachments.flatMap(({ filename, contentType }) => [filename, contentType])),
    tls: foldText(message.tls ?? ''),
    user: lines([message.user ?? '']),
    mechanism: lines([message.mechanism ?? '']),
    client: lines([message.clientName ?? '']),
  };
}

/** A word that nobody writes: no sequence of words, and no piece of a text, goes on behind it. */
const border = '\uefee';

/** What `body:` and words find: the text, and what the HTML says. */
export function bodyText(text: string | null, html: string | null): string {
  const own = (text ?? '').slice(0, searched.bodyCharacters);
  if (html === null) return foldText(own);
  const shown = htmlText(html, searched.bodyCharacters);
  return foldText(own === '' ? shown : `${own} ${border} ${shown}`);
}

type WithWords = Pick<MessageTexts, 'subject' | 'sender' | 'to' | 'cc' | 'bcc' | 'filenames'>;

/** The texts in which words are found; a sequence of words lies within one of them. */
export const wordTexts = ({ subject, sender, to, cc, bcc, filenames }: WithWords, body: string) => ({
  subject,
  addresses: [sender, to, cc, bcc].join('\n'),
  body,
  filenames,
});

/** The same as one text, see padWords. */
export const paddedWords = (texts: WithWords, body: string): string =>
  Object.values(wordTexts(texts, body)).map(padWords).join('\n');

/** The header fields that can be searched, name and value folded. */
export const searchedHeaders = (headers: SearchableMessage['headers']): { name: string; value: string }[] =>
  headers.slice(0, searched.headers).map(({ name, value }) => ({
    name: foldText(name),
    value: foldText(value.slice(0, searched.headerCharacters)),
  }));
