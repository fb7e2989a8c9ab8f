// A text in the body of a message. What the index cannot tell for sure is looked at, one message after the other.
import { foldText, wordsOf } from '../../shared/search/fold.ts';
import { addSeq, both, countOf, either, isEmpty, seqsOf, without, type Bits } from './bits.ts';
import { rowsOfTable } from './words-match.ts';
import { gramMatch, rowsOfMessage } from './grams.ts';
import { jointMatch } from './joints.ts';
import { pairMatch } from './pairs.ts';
import { messageCorpus } from './search-blocks.ts';
import type { Within } from './search-columns.ts';
import { costs, look, type Look } from './search-plan.ts';
import { orderIn, quoted, sql, type SeqWindow } from './search-sql.ts';
import type { MatchStart, StartMatch } from './word-starts.ts';
import { allOf, bitsOf, inRows, type Stretch } from './search-stretch.ts';

const wordAtStart = /^[\p{L}\p{N}\p{M}\p{Co}]/u;
const wordAtEnd = /[\p{L}\p{N}\p{M}\p{Co}]$/u;

/** The pieces of a text are asked for so many times quicker than a sequence of words. */
const piecesTake = 5;
/** One message of so many is read as quickly as its index is asked for all. */
const readsTake = 12;
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

function findInBodies(stretch: Stretch, folded: string, within: Within): Bits {
  const { window, mostRead, startOf } = stretch;
  const inWords = (match: string): Bits => bitsOf(stretch, rowsOfTable('message_words', match, window));
  let known = stretch.columns.none();
  let left = within;
  /** Whether they are more than are worth asking the index for. */
  const areMany = (few: number): boolean => left === null || countOf(left) > few;
  const narrow = (some: Bits): void => {
    left = without(left === null ? some : both(left, some), known);
  };
  const isWord = wordsOf(folded)[0] === folded;
  if (isWord && areMany(mostRead / piecesTake)) {
    // A word that begins so: then the text is there, without a look.
    known = inWords(`body : ${startOf('message_words', [folded]).match}`);
    if (left !== null) left = without(left, known);
  }
  let few = mostRead / piecesTake;
  const joints = jointMatch(folded);
  if (joints !== null && areMany(few)) {
    narrow(bitsOf(stretch, rowsOfTable('message_starts', joints, window)));
    few = Math.max(few, (window.high - window.low) / readsTake);
  }
  // In any of the texts: to tell which takes longer than the few more bodies that are read.
  const sequence = sequenceIn(folded, startOf);
  if (sequence?.gathers === false && areMany(few)) narrow(inWords(sequence.match));
  if (areMany(few)) narrow(bitsOf(stretch, gramRows(window, gramMatch(folded)!.match)));
  if (sequence?.gathers === true && areMany(mostRead)) narrow(inWords(sequence.match));
  return either(
    known,
    left === null || isEmpty(left) ? stretch.columns.none() : readBodies(stretch, folded, left),
  );
}

const gramRows = (window: SeqWindow, match: string) =>
  sql(
    `SELECT rowid / ${rowsOfMessage} AS seq FROM message_grams WHERE message_grams MATCH ? AND rowid BETWEEN ? AND ?
     ${orderIn(window, false)}`,
    match,
    BigInt(window.low) * BigInt(rowsOfMessage),
    BigInt(window.high) * BigInt(rowsOfMessage) - 1n,
  );

export function inBody(stretch: Stretch, value: string): Look {
  const folded = foldText(value);
  if (folded === '') return look(costs.number, (within) => within ?? allOf(stretch, messageCorpus));
  if (!stretch.finished) return look(costs.number, () => stretch.columns.none());
  const pair = pairMatch(folded);
  if (pair !== null) return inRows(stretch, costs.words, rowsOfTable('message_starts', pair, stretch.window));
  const grams = gramMatch(folded);
  if (grams?.isExact === true) return inRows(stretch, costs.words, gramRows(stretch.window, grams.match));
  return look(costs.read, (within) => findInBodies(stretch, folded, within));
}
