// The texts of a session that the search looks at, as the index keeps them and the matcher compares them.
import type { Session } from '../session.ts';
import { formatEndpoint } from '../smtp-text.ts';
import { foldText, padWords } from './fold.ts';
import { searched } from './message-texts.ts';

export const searchedTransactions = 200;

/** What the search needs to know of a session. */
export type SearchableSession = Pick<
  Session,
  | 'id'
  | 'openedAtUs'
  | 'outcome'
  | 'listener'
  | 'peer'
  | 'clientName'
  | 'tls'
  | 'user'
  | 'mechanism'
  | 'messages'
  | 'anomalies'
  | 'faults'
  | 'findings'
  | 'ended'
  | 'transactions'
> & {
  /** The codes of all replies. */
  codes: number[];
};

/** Folded, see fold.ts. */
export interface SessionTexts {
  listener: string;
  peer: string;
  client: string;
  tls: string;
  user: string;
  mechanism: string;
  sender: string;
  rcpt: string;
  codes: string;
  words: string;
}

const cut = (text: string): string => foldText(text).slice(0, searched.fieldCharacters);

function lines(texts: string[]): string {
  const folded: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (length > searched.fieldCharacters) break;
    folded.push(cut(text));
    length += folded.at(-1)!.length + 1;
  }
  return folded.join('\n').slice(0, searched.fieldCharacters);
}

/** ` 220 250 354`: a code, or its beginning, is found behind a blank. */
export const formatCodes = (codes: Iterable<number>): string =>
  [...new Set(codes)]
    .sort((a, b) => a - b)
    .map((code) => ` ${code}`)
    .join('');

export function sessionTexts(session: SearchableSession): SessionTexts {
  const transactions = session.transactions.slice(0, searchedTransactions);
  const texts = {
    listener: cut(session.listener),
    peer: cut(formatEndpoint(session.peer)),
    client: cut(session.clientName ?? ''),
    tls: cut(session.tls ?? ''),
    user: cut(session.user ?? ''),
    mechanism: cut(session.mechanism ?? ''),
    sender: lines(transactions.map(({ from }) => from.address)),
    rcpt: lines(transactions.flatMap(({ recipients }) => recipients.map(({ address }) => address))),
  };
  const ended = cut(session.ended?.text ?? '');
  const { listener, peer, client, user, mechanism, sender, rcpt } = texts;
  const words = [listener, peer, client, user, mechanism, sender, rcpt, ended, cut(session.outcome)];
  return { ...texts, codes: formatCodes(session.codes), words: words.map(padWords).join('\n') };
}
