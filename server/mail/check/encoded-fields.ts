// Letters of the header that are not ASCII: bytes as they are, and encoded words (RFC 2047).
import { isAscii, isUtf8 } from 'node:buffer';
import type { Found } from '../../../shared/finding.ts';
import type { HeaderField } from '../../../shared/message.ts';
import { decodeBase64 } from '../base64.ts';
import { decodeText, isKnownCharset } from '../charset.ts';
import { decodeQ } from '../encoded-words.ts';
import { isMislabelled } from './charset-guess.ts';
import { type CheckedMessage, fieldPlace, fieldsNamed, placeOf, toFound } from './checked.ts';

const maxField = 65_536;
const mostWords = 1000;
/** Of an encoded word (RFC 2047 2). */
const maxWord = 75;
const shownFields = ['subject', 'from', 'sender', 'reply-to', 'to', 'cc', 'bcc'];

/** An address with letters that are not ASCII has to be sent with SMTPUTF8, and then all of the header may have them. */
const hasWideAddress = (message: CheckedMessage): boolean =>
  fieldsNamed(message, 'from', 'sender', 'reply-to', 'to', 'cc').some(({ raw }) =>
    /[^\x00-\x7f][^\s<>"@]{0,64}@|@[^\s<>",]{0,255}[^\x00-\x7f]/.test(raw.slice(0, maxField)),
  );

export function* checkRawLetters(message: CheckedMessage): Generator<Found> {
  const { raw, structure } = message;
  if (isAscii(raw.subarray(0, structure.root.bodyOffset))) return;
  const bytesOf = ({ offset, length }: HeaderField): Buffer => raw.subarray(offset, offset + length);
  const fields = structure.headers.filter((field) => !isAscii(bytesOf(field)));
  const [first] = fields;
  if (first === undefined) return;
  const isWide = fields.every((field) => isUtf8(bytesOf(field)));
  if (isWide && hasWideAddress(message)) return;
  yield toFound(
    'header.raw-8bit',
    fields.map((field) => fieldPlace(raw, field)),
    {
      name: first.name || 'A line that is no field',
      charset: isWide ? 'they are UTF-8' : 'in another charset than UTF-8',
    },
    // UTF-8 is right with SMTPUTF8, of which the envelope tells: without one it is no more than a notice.
    isWide ? { confidence: 0.8, severity: 'notice' } : { confidence: 0.95 },
  );
}

interface EncodedWord {
  /** In the field. */
  at: number;
  text: string;
  charset: string;
  bytes: Buffer;
}

const known = /=\?([^\s?]{1,60})\?([^\s?]{1,10})\?/g;

/** Words that can be decoded; and the first that cannot, with what is wrong with it. */
function readWords(text: string): {
  words: EncodedWord[];
  broken?: { at: number; word: string; why: string };
} {
  const words: EncodedWord[] = [];
  let broken: { at: number; word: string; why: string } | undefined;
  known.lastIndex = 0;
  for (let match; words.length < mostWords && (match = known.exec(text)) !== null;) {
    const [head, label, encoding] = match as unknown as [string, string, string];
    const at = match.index;
    const charset = label.split('*')[0]!;
    const start = at + head.length;
    // The text of a word may begin with "=", and the one before it end with "?".
    const close = text.indexOf('?=', start);
    const end = close < 0 ? text.length : close + 2;
    const content = text.slice(start, close < 0 ? Math.min(text.length, start + 1000) : close);
    const word = text.slice(at, end);
    const why = whyBroken(charset, encoding, content, close >= 0);
    if (why !== null) broken ??= { at, word, why };
    else
      words.push({
        at,
        text: word,
        charset,
        bytes: /^b$/i.test(encoding) ? decodeBase64(content) : decodeQ(content),
      });
    known.lastIndex = Math.max(end, start);
  }
  return { words, ...(broken && { broken }) };
}

function whyBroken(charset: string, encoding: string, content: string, isClosed: boolean): string | null {
  if (!/^[bq]$/i.test(encoding)) return 'has an encoding that is neither B nor Q';
  if (!isClosed) return 'does not end with ?=';
  if (/\s/.test(content)) return 'has blanks in it';
  if (!isKnownCharset(charset)) return `names the charset ${charset}, which is unknown`;
  if (/^b$/i.test(encoding) && /[^A-Za-z0-9+/=]/.test(content)) return 'is not base64';
  return null;
}

/** Neighbours of one charset as one: many senders cut a letter in two. */
function joinWords(words: EncodedWord[]): EncodedWord[] {
  const joined: EncodedWord[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last && last.charset.toLowerCase() === word.charset.toLowerCase())
      last.bytes = Buffer.concat([last.bytes, word.bytes]);
    else joined.push({ ...word });
  }
  return joined;
}

function* checkField(message: CheckedMessage, field: HeaderField): Generator<Found> {
  const { name, offset } = field;
  const text = message.raw.toString('latin1', offset, offset + Math.min(field.length, maxField));
  if (!text.includes('=?')) return;
  const place = (word: { at: number }, length: number) =>
    placeOf(message.raw, offset + word.at, length, { header: name });
  const { words, broken } = readWords(text);
  if (broken) {
    const { word, why } = broken;
    yield toFound(
      'header.encoded-word-broken',
      [place(broken, word.length)],
      { name, word: word.slice(0, 80), why },
      { confidence: 0.85 },
    );
  }
  const long = words.find((word) => word.text.length > maxWord);
  if (long)
    yield toFound('header.encoded-word-long', [place(long, long.text.length)], {
      name,
      length: long.text.length,
    });
  for (const word of joinWords(words)) {
    const actual = isMislabelled(word.bytes, word.charset);
    if (actual === null) continue;
    const shown = decodeText(word.bytes, word.charset);
    const vars = { name, charset: word.charset, actual, shown };
    yield toFound('header.wrong-charset', [place(word, word.text.length)], vars, { confidence: 0.9 });
    return;
  }
}

export function* checkEncodedWords(message: CheckedMessage): Generator<Found> {
  for (const field of fieldsNamed(message, ...shownFields).slice(0, 50)) yield* checkField(message, field);
}

/** A line break that somebody wrote into a form, with what was to become a field. */
const foreignField =
  /(?:b?cc): ?[^\s@<>]{1,64}@[\w.-]{1,255}|mime-version: ?1\.0|content-type: ?(?:text|multipart)\//i;

export function* checkInjection(message: CheckedMessage): Generator<Found> {
  for (const field of fieldsNamed(message, 'subject', 'from', 'reply-to', 'to').slice(0, 20)) {
    const { name, raw, value } = field;
    const text = value.slice(0, 10_000);
    // Only an encoded word brings one into the value, but for bytes that are no line endings of mail. Before a blank it
    // is a field that was encoded again after it had been folded.
    const hasBreak = raw.includes('=?') && /[\r\n](?![\r\n \t])/.test(text) && !/\r(?!\n)/.test(raw);
    const foreign = foreignField.exec(text);
    if (!hasBreak && !foreign) continue;
    yield toFound(
      'header.injection',
      [fieldPlace(message.raw, field)],
      { name, value: text },
      { confidence: hasBreak && foreign ? 0.95 : hasBreak ? 0.8 : 0.6 },
    );
    return;
  }
}
