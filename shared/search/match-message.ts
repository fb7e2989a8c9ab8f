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
import { holds, type FieldTerm, type Query, type Term } from './query.ts';
import { parseTime } from './times.ts';
import { wordPattern } from './word-pattern.ts';

/** A message with its texts, each made when it is first needed. */
interface Prepared {
  message: SearchableMessage;
  readonly texts: MessageTexts;
  readonly body: string;
  readonly words: string;
  readonly headers: { name: string; value: string }[];
}

type Judge = (term: FieldTerm, prepared: Prepared, nowUs: number) => boolean;

const within =
  (field: keyof MessageTexts): Judge =>
  ({ value }, { texts }) =>
    texts[field].includes(foldText(value));

const marks: Record<string, (message: SearchableMessage) => boolean> = {
  attachment: ({ attachments }) => attachments.length > 0,
  html: ({ html }) => html !== null,
  text: ({ text }) => text !== null,
  problem: ({ problem }) => problem !== null,
  tls: ({ tls }) => tls !== null,
  auth: ({ user }) => user !== null,
  anomaly: ({ anomalies }) => anomalies > 0,
  finding: ({ findings }) => findings !== undefined,
  read: ({ read }) => read,
  unread: ({ read }) => !read,
  pinned: ({ pinned }) => pinned,
  tagged: ({ tags }) => tags.length > 0,
};
const marked: Judge = ({ value }, { message }) => marks[value]?.(message) ?? false;

const judges: Record<MessageFieldName, Judge> = {
  from: within('sender'),
  to: within('to'),
  cc: within('cc'),
  bcc: within('bcc'),
  rcpt: within('rcpt'),
  subject: within('subject'),
  body: ({ value }, { body }) => body.includes(foldText(value)),
  header: ({ header, value }, { headers }) =>
    headers.some((field) => field.name === foldText(header ?? '') && field.value.includes(foldText(value))),
  attachment: within('attachments'),
  filename: within('filenames'),
  has: marked,
  is: marked,
  tag: ({ value }, { message }) => message.tags.some((tag) => foldText(tag) === foldText(value)),
  before: ({ value }, { message }, nowUs) => message.receivedAtUs < (parseTime(value, nowUs) ?? -Infinity),
  after: ({ value }, { message }, nowUs) => message.receivedAtUs >= (parseTime(value, nowUs) ?? Infinity),
  larger: ({ value }, { message }) => message.size > (parseSize(value) ?? Infinity),
  smaller: ({ value }, { message }) => message.size < (parseSize(value) ?? -Infinity),
  session: ({ value }, { message }) => message.sessionId === value,
  tls: (term, prepared, nowUs) =>
    foldText(term.value) === 'none' ? prepared.message.tls === null : within('tls')(term, prepared, nowUs),
  auth: within('user'),
  mech: within('mechanism'),
  client: within('client'),
  code: ({ value }, { message }) => message.codes.some((code) => String(code).startsWith(value)),
};

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function prepare(message: SearchableMessage): Prepared {
  const texts = once(() => messageTexts(message));
  const body = once(() => bodyText(message.text, message.html));
  const words = once(() => paddedWords(texts(), body()));
  const headers = once(() => searchedHeaders(message.headers));
  return {
    message,
    get texts() {
      return texts();
    },
    get body() {
      return body();
    },
    get words() {
      return words();
    },
    get headers() {
      return headers();
    },
  };
}

/** For asking several times about one message. `nowUs` is what times such as `2h` count from; null matches all. */
export function messageMatcher(message: SearchableMessage): (query: Query | null, nowUs: number) => boolean {
  const prepared = prepare(message);
  const judge = (term: Term, nowUs: number): boolean =>
    term.type === 'field'
      ? judges[term.field as MessageFieldName](term, prepared, nowUs)
      : prepared.words.includes(wordPattern(term));
  return (query, nowUs) => query === null || holds(query, (term) => judge(term, nowUs));
}
