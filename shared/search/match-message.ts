// Says whether a query is true of a message, one term after the other and without an index. Where an index
// answers, it must answer the same.
import { parseSize } from '../units.ts';
import type { MessageFieldName } from './fields.ts';
import { foldText } from './fold.ts';
import {
  bodyText,
  messageTexts,
  paddedWords,
  searchedHeaders,
  type MessageTexts,
  type SearchableMessage,
} from './message-texts.ts';
import { holds, type FieldTerm, type Query } from './query.ts';
import { parseTime } from './times.ts';
import { wordPattern } from './word-pattern.ts';

type Judge = (term: FieldTerm, message: SearchableMessage, texts: MessageTexts, nowUs: number) => boolean;

const within =
  (field: keyof MessageTexts): Judge =>
  ({ value }, _message, texts) =>
    texts[field].includes(foldText(value));

const marks: Record<string, (message: SearchableMessage) => boolean> = {
  attachment: ({ attachments }) => attachments.length > 0,
  html: ({ html }) => html !== null,
  text: ({ text }) => text !== null,
  problem: ({ problem }) => problem !== null,
  tls: ({ tls }) => tls !== null,
  auth: ({ user }) => user !== null,
  anomaly: ({ anomalies }) => anomalies > 0,
  read: ({ read }) => read,
  unread: ({ read }) => !read,
  pinned: ({ pinned }) => pinned,
  tagged: ({ tags }) => tags.length > 0,
};
const marked: Judge = ({ value }, message) => marks[value]?.(message) ?? false;

const judges: Record<MessageFieldName, Judge> = {
  from: within('sender'),
  to: within('to'),
  cc: within('cc'),
  bcc: within('bcc'),
  rcpt: within('rcpt'),
  subject: within('subject'),
  body: ({ value }, { text, html }) => bodyText(text, html).includes(foldText(value)),
  header: ({ header, value }, { headers }) =>
    searchedHeaders(headers).some(
      (field) => field.name === foldText(header ?? '') && field.value.includes(foldText(value)),
    ),
  attachment: within('attachments'),
  filename: within('filenames'),
  has: marked,
  is: marked,
  tag: ({ value }, { tags }) => tags.some((tag) => foldText(tag) === foldText(value)),
  before: ({ value }, { receivedAtUs }, _texts, nowUs) => receivedAtUs < (parseTime(value, nowUs) ?? -Infinity),
  after: ({ value }, { receivedAtUs }, _texts, nowUs) => receivedAtUs >= (parseTime(value, nowUs) ?? Infinity),
  larger: ({ value }, { size }) => size > (parseSize(value) ?? Infinity),
  smaller: ({ value }, { size }) => size < (parseSize(value) ?? -Infinity),
  session: ({ value }, { sessionId }) => sessionId === value,
  tls: within('tls'),
  auth: within('user'),
  mech: within('mechanism'),
  client: within('client'),
  code: ({ value }, { codes }) => codes.some((code) => String(code).startsWith(value)),
};

/** `nowUs` is what times such as `2h` count from. A null query is true of all. */
export function matchMessage(query: Query | null, message: SearchableMessage, nowUs: number): boolean {
  if (query === null) return true;
  const texts = messageTexts(message);
  let words: string | undefined;
  return holds(query, (term) => {
    if (term.type === 'field') return judges[term.field as MessageFieldName](term, message, texts, nowUs);
    words ??= paddedWords(texts, bodyText(message.text, message.html));
    return words.includes(wordPattern(term));
  });
}
