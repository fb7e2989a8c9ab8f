// What a program leaves in a text when a value is missing: placeholders, "undefined", line breaks as \n, letters that
// were encoded twice.
import iconv from 'iconv-lite';
import type { Evidence, Found } from '../../../shared/finding.ts';
import type { Part } from '../../../shared/message.ts';
import { listBodyParts } from '../body-parts.ts';
import { bodyPlace, type CheckedMessage, fieldPlace, fieldsNamed, toFound, wordsPlace } from './checked.ts';

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
  const inPart = (part: Part | null | undefined) => (words: string) =>
    part ? wordsPlace(raw, part, words) : bodyPlace(raw, structure.root);
  const pieces: Piece[] = fieldsNamed(message, 'subject', 'from', 'to', 'cc', 'reply-to')
    .slice(0, 10)
    .map((field) => ({
      where: field.name,
      text: field.value.slice(0, 10_000),
      kind: 'field',
      place: () => fieldPlace(raw, field),
    }));
  if (text !== null)
    pieces.push({
      where: 'The text',
      text: text.slice(0, mostText),
      kind: 'text',
      place: inPart(parts.text[0]),
      isGuessed: parts.text.some(({ charset }) => charset === null),
    });
  if (html !== null)
    pieces.push({
      where: 'The HTML',
      text: html.slice(0, mostText),
      kind: 'html',
      place: inPart(parts.html),
      isGuessed: parts.html?.charset == null,
    });
  for (const { href, source } of links.slice(0, 200))
    pieces.push({
      where: 'A link',
      text: href.slice(0, 2000),
      kind: 'link',
      place: inPart(source === 'html' ? parts.html : parts.text[0]),
    });
  return pieces;
}

/** Of engines whose marks nothing else has. */
const placeholder =
  /\{\{\{?[#/^>&~-]?\s{0,9}[A-Za-z_$][\w.$-]{0,60}(?:\s{0,9}\|[^{}\n]{0,60})?\s{0,9}\}\}|\{%-?\s{0,9}\w{1,20}[^{}%\n]{0,80}%\}|%recipient\.\w{1,40}%|\*\|[A-Z][A-Z_:0-9]{1,40}\|\*/;
/** Of engines whose marks are those of shells and of programs, too. */
const codeLike = /<%[=-]?\s{0,9}[A-Za-z_@][\w.@]{0,60}[^<>%\n]{0,80}%>|\$\{[A-Za-z_][\w.]{0,60}\}/;

const inText =
  /\[object Object\]|\b(?:hi|hello|dear|hey|hallo|welcome|bonjour|hola),? (?:undefined|null|none|nan)(?=\s{0,9}(?:[,!<]|$))|\bInvalid Date\b/im;
/** Most texts have none of these, which is told sooner. */
const missingWords = ['undefined', 'null', 'NaN', 'None', 'bject', 'Invalid Date'];
const placeholderMarks = ['{{', '{%', '%recipient.', '*|', '<%', '${'];
const hasOne = (text: string, words: readonly string[]): boolean => words.some((word) => text.includes(word));

const missingValue: Record<Piece['kind'], RegExp> = {
  field:
    /\[object Object\]|(?:^|[:#-] ?|\b(?:hi|hello|dear|welcome),? )(?:undefined|null|NaN)$|(?:^|<)(?:undefined|null)@/i,
  text: inText,
  html: inText,
  link: /\[object Object\]|%5Bobject%20Object%5D|(?:[/=])(?:undefined|null|NaN)(?=$|[/?&#])/,
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
      // Programs and shell scripts are sent as text, too.
      const isCode = code !== null && kind === 'text';
      yield toFound(
        'content.unrendered-template',
        [place(words)],
        { where, found: words },
        {
          confidence: isCode ? 0.5 : kind === 'text' || kind === 'html' ? 0.75 : 0.9,
          ...(isCode && { severity: 'notice' }),
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

export function* checkLineBreaks({ raw, structure, text }: CheckedMessage): Generator<Found> {
  const whole = text?.slice(0, mostText).trim() ?? '';
  const [part] = listBodyParts(structure.root).text;
  if (part === undefined || whole.includes('\n') || /^[{["]/.test(whole)) return;
  const count = whole.split('\\n').length - 1;
  if (count > 1)
    yield toFound(
      'content.escaped-line-breaks',
      [wordsPlace(raw, part, '\\n')],
      { count },
      { confidence: 0.85 },
    );
}
