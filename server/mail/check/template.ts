// What a program leaves in a text when a value is missing: placeholders, "undefined", line breaks as \n, letters that
// were encoded twice.
import iconv from 'iconv-lite';
import type { Evidence, Found } from '../../../shared/finding.ts';
import { listBodyParts } from '../body-parts.ts';
import {
  type CheckedMessage,
  fieldPlace,
  fieldsNamed,
  placeOf,
  someOf,
  toFound,
  urlPlace,
  wordsPlace,
} from './checked.ts';

/** Of a text that is looked through. */
const mostText = 200_000;

/** A text of the message, by the name that a sentence gives it. */
interface Piece {
  where: string;
  text: string;
  kind: 'field' | 'text' | 'html' | 'link';
  /** Its charset was guessed, so that odd letters may be ours. */
  isGuessed?: boolean;
  place(words: string): Evidence;
}

function listPieces(message: CheckedMessage): Piece[] {
  const { raw, structure, text, html, links } = message;
  const parts = listBodyParts(structure.root);
  const texts = someOf(parts.text, structure.root);
  const pages = someOf(parts.html ? [parts.html] : [], structure.root);
  const pieces: Piece[] = fieldsNamed(message, 'subject', 'from', 'to', 'cc', 'reply-to')
    .slice(0, 10)
    .map((field) => ({
      where: field.name,
      text: field.value.slice(0, 10_000),
      kind: 'field',
      place: () => fieldPlace(raw, field),
    }));
  // What is in both is told of the HTML: there it is meant as it stands.
  if (html !== null)
    pieces.push({
      where: 'The HTML',
      text: html.slice(0, mostText),
      kind: 'html',
      place: (words) => wordsPlace(raw, pages, words),
      isGuessed: parts.html?.charset == null,
    });
  if (text !== null)
    pieces.push({
      where: 'The text',
      text: text.slice(0, mostText),
      kind: 'text',
      place: (words) => wordsPlace(raw, texts, words),
      isGuessed: parts.text.some(({ charset }) => charset === null),
    });
  for (const { href, source } of links.slice(0, 200))
    pieces.push({
      where: 'A link',
      text: href.slice(0, 2000),
      kind: 'link',
      place: (words) => within(raw, urlPlace(raw, source === 'html' ? pages : texts, href), words),
    });
  return pieces;
}

/** Words of what stands at a place; where they are written in another way there, all of it. */
function within(raw: Buffer, place: Evidence, words: string): Evidence {
  if (place.kind !== 'message') return place;
  const at = raw.subarray(place.offset, place.offset + place.length).indexOf(words);
  if (at < 0) return place;
  return placeOf(raw, place.offset + at, Buffer.byteLength(words), place.part ? { part: place.part } : {});
}

/** Of engines whose marks nothing else has. */
const placeholder =
  /\{\{\{?[#/^>&~-]?\s{0,9}[A-Za-z_$][\w.$-]{0,60}(?:\s{0,9}\|[^{}\n]{0,60})?\s{0,9}\}\}|\{%-?\s{0,9}\w{1,20}[^{}%\n]{0,80}%\}|%recipient\.\w{1,40}%|\*\|[A-Z][A-Z_:0-9]{1,40}\|\*/;
/** Of engines whose marks are those of shells and of programs, too. */
const codeLike = /<%[=-]?\s{0,9}[A-Za-z_@][\w.@]{0,60}[^<>%\n]{0,80}%>|\$\{[A-Za-z_][\w.]{0,60}\}/;
const greeting = /^[ \t]{0,9}(?:hi|hello|dear|hey|hallo|welcome|bonjour|hola),? {1,3}\{\{/im;

const inText =
  /\[object Object\]|\b(?:hi|hello|dear|hey|hallo|welcome|bonjour|hola),? (?:undefined|null|none|nan)(?=\s{0,9}(?:[,!<]|$))|\bInvalid Date\b/im;
/** Most texts have none of these, which is told sooner. */
const missingWords = ['undefined', 'null', 'NaN', 'None', 'bject', 'Invalid Date'];
const placeholderMarks = ['{{', '{%', '%recipient.', '*|', '<%', '${'];
const hasOne = (text: string, words: readonly string[]): boolean => words.some((word) => text.includes(word));

const missingValue: Record<Piece['kind'], RegExp> = {
  // Behind "Re:" it is the subject of somebody else, behind "Error:" what a program says; `non-null` is a word.
  field:
    /\[object Object\]|(?:^|(?<!\b(?:re|fwd?|aw|wg|sv|tr)|error): ?|# ?|\s- ?|\b(?:hi|hello|dear|welcome),? )(?:undefined|null|NaN)$|(?:^|<)undefined@/i,
  text: inText,
  html: inText,
  // At the end of a path it may be a page about it.
  link: /\[object Object\]|%5Bobject%20Object%5D|\/(?:undefined|null|NaN)(?=\/[^/?#])|[?&][^=&#]{0,100}=(?:undefined|null|NaN)(?=$|[&#])/,
};

export function* checkTemplates(message: CheckedMessage): Generator<Found> {
  const told = new Set<string>();
  for (const { where, text, kind, place } of listPieces(message)) {
    const isMarked = hasOne(text, placeholderMarks);
    const found = isMarked ? (placeholder.exec(text)?.[0] ?? null) : null;
    const code = isMarked && found === null ? (codeLike.exec(text)?.[0] ?? null) : null;
    const words = found ?? code;
    if (words !== null && !told.has(words)) {
      told.add(words);
      // Programs, shell scripts and talk of templates are sent as text, too; nobody speaks of one in a greeting.
      const isBraces = words.startsWith('{{') && !greeting.test(text);
      const isTalk = kind === 'text' && (code !== null || isBraces);
      yield toFound(
        'content.unrendered-template',
        [place(words)],
        { where, found: words },
        {
          confidence: isTalk ? (code === null ? 0.6 : 0.5) : kind === 'text' || kind === 'html' ? 0.75 : 0.9,
          ...(isTalk && { severity: 'notice' }),
        },
      );
    }
    const missing = hasOne(text, missingWords) ? missingValue[kind].exec(text)?.[0] : undefined;
    if (missing !== undefined && !told.has(missing)) {
      told.add(missing);
      yield toFound(
        'content.missing-value',
        [place(missing)],
        { where, found: missing },
        { confidence: 0.8 },
      );
    }
  }
}

/** Common letters in UTF-8 that were read as windows-1252. */
const twiceEncoded = /Ã[¤¶¼Ÿ„–œ©¨ª§±³¡­º®´²¹]|â€[™œ“”˜\x9d¦¢]|â‚¬/;

const meantBy = (found: string): string => {
  const text = iconv.encode(found, 'win1252').toString();
  return text.includes('\ufffd') ? '”' : text;
};

export function* checkMojibake(message: CheckedMessage): Generator<Found> {
  for (const { where, text, kind, place, isGuessed } of listPieces(message)) {
    if (kind === 'link') return;
    const found = twiceEncoded.exec(text)?.[0];
    if (found === undefined || isGuessed) continue;
    yield toFound(
      'content.mojibake',
      [place(found)],
      { where, found, meant: meantBy(found) },
      { confidence: 0.9 },
    );
    return;
  }
}

/** A path of Windows, in which `\n` is the beginning of a name. */
const windowsPath = /\b[a-z]:\\|\\\\\w/i;
/** As programs and JSON write text. */
const quotedText = /"[^"]*"|(?<!\w)'[^']*'(?!\w)|`[^`]*`/g;

export function* checkLineBreaks({ raw, structure, text }: CheckedMessage): Generator<Found> {
  const whole = text?.slice(0, mostText).trim() ?? '';
  const { text: parts } = listBodyParts(structure.root);
  if (parts.length === 0 || whole.includes('\n') || !whole.includes('\\n') || /^[{["]/.test(whole)) return;
  if (windowsPath.test(whole)) return;
  const count = whole.replace(quotedText, ' ').split('\\n').length - 1;
  if (count > 1)
    yield toFound(
      'content.escaped-line-breaks',
      [wordsPlace(raw, someOf(parts, structure.root), '\\n')],
      { count },
      { confidence: 0.85 },
    );
}
