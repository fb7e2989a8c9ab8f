// A text in the body of a message. What the index cannot tell for sure is looked at, one message after the other.
import { foldText, wordsOf } from '../../../shared/search/fold.ts';
import { gramMatch, rowsOfMessage } from '../index/grams.ts';
import { edgeMatch, jointMatch } from '../index/joints.ts';
import { pairMatch } from '../index/pairs.ts';
import { messageCorpus } from '../index/search-blocks.ts';
import { boundsOf, orderIn, quoted, sql, type SeqWindow, type Sql } from '../index/search-sql.ts';
import { addSeq, countOf, either, seqsOf, without, type Bits } from './bits.ts';
import type { Within } from './search-columns.ts';
import { costs, look, narrowed, type Look } from './search-plan.ts';
import { allOf, bitsOf, inRows, shareAtEnd, type Stretch } from './search-stretch.ts';
import type { MatchStart, StartMatch } from './word-starts.ts';
import { rowsOfTable } from './words-match.ts';

const wordAtStart = /^[\p{L}\p{N}\p{M}\p{Co}]/u;
const wordAtEnd = /[\p{L}\p{N}\p{M}\p{Co}]$/u;

/** The pieces of a text are asked for so many times quicker than a sequence of words. */
const piecesTake = 5;
/** One message of so many is read as quickly as its index is asked for all. */
const readsTake = 8;
/** One of so many that have its pieces for sure. */
const knownTake = 6;
/** What very many words begin with is in most. */
const shareOfMany = 0.75;
/** Signs beside letters that more have leave too many to be worth asking for. */
const shareOfEdges = 0.2;
/** Beginnings of fewer letters would gather too much. */
const shortestStart = 3;
const readAtOnce = 500;

/**
 * The words that a message must have in sequence: all but the first, which may be the end of a longer one, and with a
 * last one that may go on. Null for fewer than two: these are rarely rare.
 */
function sequenceIn(folded: string, startOf: MatchStart): StartMatch | null {
  const words = wordsOf(folded);
  if (wordAtStart.test(folded)) words.shift();
  let goesOn = wordAtEnd.test(folded);
  if (goesOn && (words.at(-1)?.length ?? 0) < shortestStart) {
    words.pop();
    goesOn = false;
  }
  if (words.length < 2) return null;
  return goesOn ? startOf('message_words', words) : { match: quoted(words.join(' ')), gathers: false };
}

/** Those of the given that have the text. */
function readBodies({ connection, columns }: Stretch, folded: string, among: Bits): Bits {
  const found = columns.none();
  const seqs = seqsOf(among);
  const read = connection
    .sql('SELECT t.seq, t.folded FROM json_each(?) c CROSS JOIN message_text t ON t.seq = c.value')
    .raw();
  for (let at = 0; at < seqs.length; at += readAtOnce) {
    const some = read.all(JSON.stringify(seqs.slice(at, at + readAtOnce))) as unknown as [number, string][];
    for (const [seq, body] of some) if (body.includes(folded)) addSeq(found, seq);
  }
  return found;
}

/** Whether they are more than are worth asking the index for. */
const areMany = (some: Within, few: number): boolean => some === null || countOf(some) > few;

const inWords = (stretch: Stretch, match: string): Bits =>
  bitsOf(stretch, rowsOfTable('message_words', match, stretch.window));

/** Of how many messages it is, more or less: to count those in which a word begins so would take as long as to find them. */
const shareOfWord = (stretch: Stretch, folded: string): number =>
  stretch.startOf('message_words', [folded]).gathers
    ? shareOfMany
    : shareAtEnd(stretch, `body : ${quoted(folded)}`);

/** A text that is one word. It may also stand within words: what has no word that begins so is looked at, too. */
function findWord(stretch: Stretch, folded: string, within: Within, share: () => number): Bits {
  const { window, mostRead, startOf, columns } = stretch;
  const { match: pieces, isExact } = gramMatch(folded)!;
  let few = mostRead / piecesTake;
  if (within !== null && areMany(within, few))
    few = Math.max(few, (share() * (window.high - window.low)) / readsTake);
  if (within !== null && !areMany(within, few)) return readBodies(stretch, folded, within);
  const begins = startOf('message_words', [folded]);
  // Pieces that say all are asked for sooner than very many words.
  const known = isExact && begins.gathers ? columns.none() : inWords(stretch, `body : ${begins.match}`);
  // Its pieces are in all of these, and mostly more than once.
  const fewBeside = Math.max(few, countOf(known) / knownTake);
  let left = within ?? (fewBeside > few ? allOf(stretch, messageCorpus) : null);
  if (left !== null) left = without(left, known);
  if (areMany(left, fewBeside)) {
    const some = bitsOf(stretch, gramRows(window, pieces));
    if (isExact) return either(known, some);
    left = without(narrowed(left, some), known);
  }
  return either(known, readBodies(stretch, folded, left!));
}

/** What tells where its words, and its signs, meet. */
function placesIn(stretch: Stretch, folded: string): string | null {
  const edges = edgeMatch(folded);
  const isRare = edges !== null && shareAtEnd(stretch, edges, 'message_starts') < shareOfEdges;
  return (
    [jointMatch(wordsOf(folded)), isRare ? edges : null].filter((match) => match !== null).join(' AND ') ||
    null
  );
}

function findText(stretch: Stretch, folded: string, within: Within): Bits {
  const { window, mostRead, startOf } = stretch;
  let left = within;
  let few = mostRead / piecesTake;
  const places = areMany(left, few) ? placesIn(stretch, folded) : null;
  if (places !== null) {
    left = narrowed(left, bitsOf(stretch, rowsOfTable('message_starts', places, window)));
    few = Math.max(few, (window.high - window.low) / readsTake);
  }
  // In any of the texts: to tell which takes longer than the few more bodies that are read.
  const sequence = sequenceIn(folded, startOf);
  if (sequence?.gathers === false && areMany(left, few))
    left = narrowed(left, inWords(stretch, sequence.match));
  const { match: pieces, isExact } = gramMatch(folded)!;
  if (areMany(left, few)) {
    left = narrowed(left, bitsOf(stretch, gramRows(window, pieces)));
    if (isExact) return left;
  }
  if (sequence?.gathers === true && areMany(left, mostRead))
    left = narrowed(left, inWords(stretch, sequence.match));
  return readBodies(stretch, folded, left!);
}

function gramRows(window: SeqWindow, match: string): Sql {
  const { text, values } = boundsOf(window, rowsOfMessage);
  return sql(
    `SELECT rowid / ${rowsOfMessage} AS seq FROM message_grams WHERE message_grams MATCH ? ${text}
     ${orderIn(window, false)}`,
    match,
    ...values,
  );
}

export function inBody(stretch: Stretch, value: string): Look {
  const folded = foldText(value);
  if (folded === '') return look(costs.number, (within) => within ?? allOf(stretch, messageCorpus));
  if (!stretch.finished) return look(costs.number, () => stretch.columns.none());
  const pair = pairMatch(folded);
  if (pair !== null) return inRows(stretch, costs.words, rowsOfTable('message_starts', pair, stretch.window));
  if (wordsOf(folded)[0] !== folded) return look(costs.read, (within) => findText(stretch, folded, within));
  let known: number | null = null;
  const share = (): number => (known ??= shareOfWord(stretch, folded));
  return { ...look(costs.read, (within) => findWord(stretch, folded, within, share)), share };
}
