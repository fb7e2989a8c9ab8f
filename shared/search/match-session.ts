// Says whether a query is true of a session: for those that still run, and to compare the index with.
import type { SessionFieldName } from './fields.ts';
import { foldText } from './fold.ts';
import { holds, type FieldTerm, type Query } from './query.ts';
import { sessionTexts, type SearchableSession, type SessionTexts } from './session-texts.ts';
import { parseTime } from './times.ts';
import { wordPattern } from './word-pattern.ts';

type Judge = (term: FieldTerm, session: SearchableSession, texts: SessionTexts, nowUs: number) => boolean;

const within =
  (field: keyof SessionTexts): Judge =>
  ({ value }, _session, texts) =>
    texts[field].includes(foldText(value));

const marks: Record<string, (session: SearchableSession) => boolean> = {
  message: ({ messages }) => messages > 0,
  tls: ({ tls }) => tls !== null,
  auth: ({ user }) => user !== null,
  anomaly: ({ anomalies }) => anomalies > 0,
  fault: ({ faults = 0 }) => faults > 0,
  finding: ({ findings }) => findings !== undefined,
  open: ({ outcome }) => outcome === 'open',
  closed: ({ outcome }) => outcome !== 'open',
};
const marked: Judge = ({ value }, session) => marks[value]?.(session) ?? false;

const judges: Record<SessionFieldName, Judge> = {
  outcome: ({ value }, { outcome }) => outcome === value,
  peer: within('peer'),
  listener: within('listener'),
  is: marked,
  has: marked,
  from: within('sender'),
  rcpt: within('rcpt'),
  tls: (term, session, texts, nowUs) =>
    foldText(term.value) === 'none' ? session.tls === null : within('tls')(term, session, texts, nowUs),
  auth: within('user'),
  mech: within('mechanism'),
  client: within('client'),
  code: ({ value }, _session, { codes }) => codes.includes(` ${value}`),
  before: ({ value }, { openedAtUs }, _texts, nowUs) => openedAtUs < (parseTime(value, nowUs) ?? -Infinity),
  after: ({ value }, { openedAtUs }, _texts, nowUs) => openedAtUs >= (parseTime(value, nowUs) ?? Infinity),
  session: ({ value }, { id }) => id === value,
};

/** `nowUs` is what times such as `2h` count from. A null query is true of all. */
export function matchSession(query: Query | null, session: SearchableSession, nowUs: number): boolean {
  if (query === null) return true;
  const texts = sessionTexts(session);
  return holds(query, (term) =>
    term.type === 'field'
      ? judges[term.field as SessionFieldName](term, session, texts, nowUs)
      : texts.words.includes(wordPattern(term)),
  );
}
