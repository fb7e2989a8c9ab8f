// What a search in messages asks of their sessions.
import { foldText } from '../../../shared/search/fold.ts';
import type { FieldTerm } from '../../../shared/search/query.ts';
import { sessionFlags } from '../index/index-session.ts';
import { messageCorpus, sessionCorpus } from '../index/search-blocks.ts';
import { addSeq, hasSeq, isEmpty, type Bits } from './bits.ts';
import { openColumns, type Columns } from './search-columns.ts';
import { costs, look, type Plan } from './search-plan.ts';
import { everything, type Stretch } from './search-stretch.ts';

/** The sessions of the messages of a stretch; null where none has one. */
const opened = new WeakMap<Columns, Columns | null>();

function sessionsOf({ connection, columns }: Stretch): Columns | null {
  const known = opened.get(columns);
  if (known !== undefined) return known;
  let [low, high] = [Infinity, 0];
  columns.eachNumber('session_seq', null, (_seq, session) => {
    if (session === 0) return;
    low = Math.min(low, session);
    high = Math.max(high, session + 1);
  });
  const made = high === 0 ? null : openColumns(connection, sessionCorpus, { low, high });
  opened.set(columns, made);
  return made;
}

function sessionsThat({ field, value }: FieldTerm, sessions: Columns): Bits {
  const folded = foldText(value);
  if (field === 'mech') return sessions.withText('mechanism', folded, null);
  if (field === 'client') return sessions.withText('client', folded, null);
  if (field === 'code') return sessions.withText('codes', ` ${value}`, null);
  return sessions.withNumber('flags', (flags) => (flags & sessionFlags.anomaly) !== 0, null);
}

export function ofSession(term: FieldTerm, stretch: Stretch): Plan {
  const isAny = (term.field === 'mech' || term.field === 'client') && foldText(term.value) === '';
  if (isAny) return everything(stretch, messageCorpus);
  return look(costs.session, (within) => {
    const found = stretch.columns.none();
    const sessions = sessionsOf(stretch);
    if (sessions === null) return found;
    const those = sessionsThat(term, sessions);
    if (isEmpty(those)) return found;
    stretch.columns.eachNumber('session_seq', within, (seq, session) => {
      if (session !== 0 && hasSeq(those, session)) addSeq(found, seq);
    });
    return found;
  });
}
