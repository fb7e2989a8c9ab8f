// One-time passwords and verification codes: a number is one only where the words around it say so.
import type { Code } from '../../../shared/message.ts';
import { findCandidates, type Candidate } from './candidates.ts';
import { counting, joining, labelOf, type Label } from './code-words.ts';
import { foldText } from './html-content.ts';

const maxText = 256 * 1024;
const maxCodes = 20;
const maxContext = 160;
/** How far a label reaches, in characters. */
const reachForward = 120;
const reachBack = 60;
const least = 0.5;

interface Mark {
  label: Label;
  isName: boolean;
  start: number;
  end: number;
  taken: boolean;
}

const delimiter = /[\s<>"]/;
const blank = (found: string): string => ' '.repeat(found.length);

/** Digits of other scripts as ASCII; addresses, which are full of numbers, blanked out. Positions stay. */
function prepare(text: string): string {
  const plain = text
    .slice(0, maxText)
    .replace(/[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (digit) => {
      const code = digit.charCodeAt(0);
      return String.fromCharCode(
        48 + (code >= 0xff10 ? code - 0xff10 : code >= 0x966 ? code - 0x966 : code & 15),
      );
    })
    .replace(/(?:https?:\/\/|www\.|mailto:)[^\s<>"]+/gi, blank);
  return blankAddresses(plain);
}

/** From sign to sign, not by a pattern: that would try every place of a long text without one. */
function blankAddresses(text: string): string {
  let result = '';
  let done = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at)) {
    let start = at;
    let end = at + 1;
    while (start > done && at - start < 64 && !delimiter.test(text.charAt(start - 1))) start--;
    while (end < text.length && end - at < 256 && !delimiter.test(text.charAt(end))) end++;
    if (start < at && end > at + 1) {
      result += text.slice(done, start) + ' '.repeat(end - start);
      done = end;
    }
    at = end;
  }
  return result + text.slice(done);
}

function findMarks(text: string): Mark[] {
  const marks: Mark[] = [];
  const words = Array.from(text.matchAll(/[\p{L}\p{M}]+/gu), ({ index, 0: all }) => {
    const word = all.length > 400 ? all.slice(-400) : all;
    return { word: word.toLowerCase(), start: index + all.length - word.length, end: index + all.length };
  });
  for (const [n, { word, start, end }] of words.entries()) {
    const [before, behind] = [words[n - 1], words[n + 1]];
    const found = labelOf(
      word,
      before && start - before.end <= 2 && before.word.length <= 40 ? before.word : '',
      behind && behind.start - end <= 1 ? behind.word : '',
    );
    if (found) marks.push({ ...found, start, end: start + found.end, taken: false });
  }
  return marks;
}

const wordsOf = (gap: string): string[] => gap.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const isJoined = (gap: string): boolean => {
  const words = wordsOf(gap);
  return words.length <= 4 && words.every((word) => joining.has(word));
};
const endsSentence = (gap: string): boolean => /[.!?。！？]\s/.test(gap);

interface Line {
  text: string;
  isAlone: boolean;
}

function lineAround(text: string, { start, end }: Candidate): Line {
  // Only so far: a text without line ends must not be walked through for each number in it.
  const near = text.slice(Math.max(0, start - maxContext), start);
  const before = near.slice(near.lastIndexOf('\n') + 1);
  const newline = text.slice(end, end + maxContext).indexOf('\n');
  const after = text.slice(end, newline < 0 ? end + maxContext : end + newline);
  const isAlone = !/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after);
  return { text: before + text.slice(start, end) + after, isAlone };
}

const isYear = (code: string): boolean => /^(?:19|20)\d\d$/.test(code);
const isOffer = (line: string): boolean =>
  /discount|checkout|coupon|voucher|promo|% ?off|rabatt|gutschein|descuento|réduction|sconto/i.test(line);

/** "Use code SAVE20" is no "code is ABCD12". */
const isSlogan = (text: string, label: Mark | undefined, { code, start }: Candidate): boolean =>
  /^[A-Z]{4,}\d{1,4}$/.test(code) && label?.end === start - 1 && text[start - 1] === ' ';

/** What follows the first empty line; null without one. */
function behindEmptyLine(text: string): string | null {
  const lines = text.split('\n').slice(1);
  const empty = lines.findIndex((line) => line.trim() === '');
  return empty < 0 || empty === lines.length - 1 ? null : lines.slice(empty).join('\n');
}

/**
 * "Use this code to verify your account: 482913" is about a code, though an account stands before the number: the code is
 * named in the same sentence. The number of the account would be right behind it.
 */
function nameBefore(text: string, marks: Mark[], at: number, candidate: Candidate, line: Line): Mark | null {
  const other = marks[at]!;
  if (candidate.start - other.end > reachForward) return null;
  const gap = text.slice(other.end, candidate.start);
  const words = wordsOf(gap);
  if (words.some((word) => counting.has(word))) return null;
  if (/[\p{L}\p{N}]/u.test(behindEmptyLine(gap) ?? '')) return null;
  if (!line.isAlone && !(isJoined(gap) && (words.length > 0 || /[:=：]/.test(gap)))) return null;
  const name = marks.slice(Math.max(0, at - 3), at).findLast(({ isName }) => isName);
  if (!name || name.taken || candidate.start - name.end > reachForward) return null;
  const between = text.slice(name.end, other.start);
  const isApart = line.isAlone ? behindEmptyLine(between) !== null : between.includes('\n');
  return isApart || endsSentence(between) ? null : name;
}

/** Auth0, Chrome120: a code only where it stands beside its label. */
const isWordWithNumber = ({ code }: Candidate): boolean => /^[A-Za-z]?[a-z]{2,}\d{1,4}$/.test(code);

/** Whether the sentence between a label and letters with digits is about these. */
const leadsTo = (gap: string, candidate: Candidate): boolean =>
  candidate.kind === 'mixed' &&
  !isWordWithNumber(candidate) &&
  !endsSentence(gap) &&
  /(?:[:：]|\s(?:is|ist|lautet|est|es|è|é|er|är|to|это))\s{1,20}$/.test(gap);

/** How sure it is that the candidate is a code, given the labels before and behind it. */
function judge(
  text: string,
  candidate: Candidate,
  line: Line,
  name: Mark | null,
  before: Mark | undefined,
  after: Mark | undefined,
): number {
  let score = 0;
  let isDirect = false;
  let label: Label = 'other';
  if (name) {
    if (before) before.taken = true;
    const gap = text.slice(name.end, candidate.start);
    isDirect = leadsTo(gap, candidate);
    [score, label] = [0.5 - gap.length / 400, name.label];
    name.taken = true;
  } else if (before) {
    const gap = text.slice(before.end, candidate.start);
    if (isJoined(gap)) {
      isDirect = true;
      if (before.label === 'other') {
        before.taken = true;
        return 0;
      }
      [score, label] = [before.taken ? 0.3 : 0.55, before.label];
      before.taken = true;
    } else if (before.label === 'other') {
      // The next number is not of this order, account or what it is.
      if (!endsSentence(gap)) before.taken = true;
    } else if (!endsSentence(gap) || line.isAlone) {
      isDirect = leadsTo(gap, candidate);
      [score, label] = [(before.taken ? 0.1 : isDirect ? 0.5 : 0.4) - gap.length / 400, before.label];
    }
  }
  if (after && after.label !== 'other' && !isWordWithNumber(candidate)) {
    const gap = text.slice(candidate.end, after.start);
    const leads = /^\s*(?:[-–—:]|is\b|ist\b|est\b|es\b|è|é|är\b|er\b|to\b|это|—|是|は)/i.test(gap);
    // "482913", and on the next line "Enter this code".
    const isAbove = line.isAlone && after.isName && isJoined(gap) && wordsOf(gap).length > 1;
    if (!endsSentence(gap) && (isAbove || !gap.includes('\n')) && (leads ? 0.5 : 0.3) > score) {
      isDirect ||= leads;
      [score, label] = [leads ? 0.5 : 0.3, after.label];
    }
  }
  if (score === 0) return 0;
  if (isYear(candidate.code) && !(isDirect && (line.isAlone || label === 'strong' || /[:=]/.test(line.text))))
    return 0;
  if (candidate.kind !== 'digits' && !isDirect) return 0;
  if (candidate.kind === 'letters' && !line.isAlone && !/[:=]\s{0,20}\S{1,40}\s{0,20}$/.test(line.text))
    return 0;
  if (label === 'weak' && (isOffer(line.text) || isSlogan(text, before, candidate))) return 0;
  score += label === 'strong' ? 0.3 : 0.1;
  if (line.isAlone) score += 0.2;
  if (candidate.kind === 'digits') score += candidate.code.replace(/\D/g, '').length === 6 ? 0.1 : 0.05;
  return Math.min(1, Math.round(score * 100) / 100);
}

function findIn(original: string): Code[] {
  const text = prepare(original);
  const marks = findMarks(text);
  const codes: Code[] = [];
  let next = 0;
  for (const candidate of findCandidates(text)) {
    while (next < marks.length && marks[next]!.start < candidate.start) next++;
    // The number of an order has used up its label; the one before that may still hold.
    let last = next - 1;
    while (marks[last]?.taken && marks[last]!.label === 'other' && next - last < 4) last--;
    const before = marks[last];
    const after = marks[next];
    const line = lineAround(text, candidate);
    const name = before?.label === 'other' ? nameBefore(text, marks, last, candidate, line) : null;
    const confidence = judge(
      text,
      candidate,
      line,
      name,
      before && candidate.start - before.end <= reachForward ? before : undefined,
      after && after.start - candidate.end <= reachBack ? after : undefined,
    );
    if (confidence < least) continue;
    codes.push({
      code: candidate.code,
      context: foldText(lineAround(original, candidate).text, maxContext),
      confidence,
    });
  }
  return codes;
}

/** The likeliest first; a code that stands in several places counts once. */
export function findCodes(texts: string[]): Code[] {
  const best = new Map<string, Code>();
  for (const found of texts.flatMap(findIn)) {
    const known = best.get(found.code);
    if (!known || known.confidence < found.confidence) best.set(found.code, found);
  }
  return [...best.values()].sort((a, b) => b.confidence - a.confidence).slice(0, maxCodes);
}
