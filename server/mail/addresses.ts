// Address lists of From, To and the like (RFC 5322 §3.4 and §4.4), read tolerantly in one pass over the text.
import type { Address } from '../../shared/message.ts';
import { closedCommentEnd, commentEnd, quotedEnd, withoutComments } from './comments.ts';
import { decodeWords } from './encoded-words.ts';

// Longer than any mailbox (RFC 5321 §4.5.3.1 allows 64 + 1 + 255).
const maxAddress = 1000;
const maxName = 1000;
/** What is gathered of one mailbox: of a longer one nothing would be left but work. */
const maxMailbox = 16_384;
const encodedWord = /=\?[^?\s]{1,60}\?[bq]\?(?:[^?=\r\n]|=(?!\?[^=])|\?(?!=)){0,1000}\?=/iy;
const atom = /[^"(<>,;:[\]\\=]+/y;

/** What was read of one mailbox so far. */
interface Mailbox {
  /** The words of the display name, unquoted. */
  name: string;
  /** The same with quotes kept: an address without angle brackets. */
  spec: string;
  hasAt: boolean;
  comment: string;
  angle: string | null;
  /** How much of the name stands before the angle. */
  nameBefore: number | undefined;
}

const emptyMailbox = (): Mailbox => ({
  name: '',
  spec: '',
  hasAt: false,
  comment: '',
  angle: null,
  nameBefore: undefined,
});
const unescape = (text: string): string => (text.includes('\\') ? text.replace(/\\(.)/gs, '$1') : text);

/** The index of the `>` that closes what opened at `start`, or of what ends it instead. */
function angleEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + maxAddress);
  const next = text.indexOf('<', start + 1);
  // Up to here a comment may go; behind one that is not closed none is looked for.
  let reach = next < 0 ? limit : Math.min(limit, next);
  for (let i = start + 1; i < limit; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) i = quotedEnd(text, i) - 1;
    else if (c === 40 && i < reach) {
      const close = closedCommentEnd(text, i, reach);
      if (close === null) reach = 0;
      else i = close - 1;
    } else if (c === 62 || c === 60) return i;
  }
  return Math.min(text.length, limit);
}

/** `@relay,@relay:user@host` names user@host (RFC 5322 §4.4); blanks mean nothing outside quotes. */
function cleanSpec(spec: string): string {
  let text = withoutComments(spec).trim();
  if (text.startsWith('@') && text.includes(':')) text = text.slice(text.indexOf(':') + 1).trim();
  if (!text.startsWith('"')) return text.replace(/[\s\0]/g, '').slice(0, maxAddress);
  const end = quotedEnd(text, 0);
  const local = unescape(text.slice(1, end - 1));
  const rest = text.slice(end).replace(/\s/g, '');
  // Quotes that protect nothing are not part of the address.
  return (/^[\w.!#$%&'*+/=?^`{|}~-]+$/.test(local) ? local : text.slice(0, end)) + rest;
}

const tidy = (text: string): string => decodeWords(text.trim().slice(0, maxName)).replace(/\s+/g, ' ');

/** `x . test` is x.test (RFC 5322 §4.4); a dot with a blank behind it alone ends an abbreviation. */
function joinAtDots(words: string[]): string[] {
  const joined: string[][] = [];
  let goesOn = false;
  for (const word of words) {
    const last = joined.at(-1);
    if (last && (goesOn || word.startsWith('.'))) last.push(word);
    else joined.push([word]);
    goesOn = word.startsWith('.') && word.endsWith('.');
  }
  return joined.map((pieces) => pieces.join(''));
}

/** `isAlone`: nothing else is in the field, so that even a comment by itself tells something. */
function finish(mailbox: Mailbox, isAlone: boolean): Address | null {
  const comment = mailbox.comment.trim();
  if (mailbox.angle !== null) {
    return { name: tidy(mailbox.name) || tidy(comment), address: decodeWords(cleanSpec(mailbox.angle)) };
  }
  const spec = mailbox.spec.trim();
  if (spec === '') return comment === '' || !isAlone ? null : { name: tidy(comment), address: '' };
  const at = spec.startsWith('"') ? spec.lastIndexOf('@') : spec.indexOf('@');
  if (at < 0) return { name: tidy(mailbox.name), address: '' };
  if (spec.startsWith('"') || !/\s/.test(spec)) return { name: tidy(comment), address: cleanSpec(spec) };
  // `Ann ann@example.com`: the word with the @ is the address. `ann @ example.com` is one, too (RFC 5322 §4.4).
  const words = joinAtDots(spec.split(/\s+/));
  if (words.some((word) => word.startsWith('@') || word.endsWith('@'))) {
    return { name: tidy(comment), address: cleanSpec(spec) };
  }
  const found = words.findIndex((word) => word.includes('@'));
  // Words behind the address say something else: the date of an mbox line.
  return {
    name: tidy(words.slice(0, found).join(' ')) || tidy(comment),
    address: words[found]!.slice(0, maxAddress),
  };
}

/** A mailbox, or a group: it has no address. */
export interface ListedAddress extends Address {
  group?: Address[];
}

/**
 * The mailboxes of one address header, at most `limit`. Groups give their members, or with `asGroups` themselves with
 * these. Never throws.
 */
export function parseAddresses(text: string, limit: number, asGroups = false): ListedAddress[] {
  const found: ListedAddress[] = [];
  let mailbox = emptyMailbox();
  let group: Address[] | undefined;
  const add = (name: string, spec: string): void => {
    if (mailbox.spec.length > maxMailbox) return;
    mailbox.name += name;
    mailbox.spec += spec;
  };
  let isAlone = true;
  const end = (): void => {
    const address = finish(mailbox, isAlone);
    if (address && (group?.length ?? 0) < limit) (group ?? found).push(address);
    mailbox = emptyMailbox();
  };

  for (let i = 0; i < text.length && found.length < limit;) {
    const c = text.charAt(i);
    atom.lastIndex = encodedWord.lastIndex = i;
    let run: string;
    if (c === ',' || c === ';') {
      isAlone = false;
      end();
      if (c === ';') group = undefined;
      i++;
      continue;
    } else if (c === '"') {
      const close = quotedEnd(text, i);
      const inside = text.slice(i + 1, text[close - 1] === '"' && close > i + 1 ? close - 1 : close);
      add(unescape(inside), text.slice(i, close));
      i = close;
      continue;
    } else if (c === '(') {
      const close = commentEnd(text, i);
      mailbox.comment += ` ${unescape(text.slice(i + 1, close - 1))}`;
      mailbox.name += ' ';
      i = close;
      continue;
    } else if (c === '<') {
      const close = angleEnd(text, i);
      const spec = text.slice(i + 1, close);
      if (mailbox.angle?.includes('@') && spec.includes('@')) {
        // `Ann <a@x.test> Bob <b@x.test>`: the comma is missing.
        const { name, nameBefore } = mailbox;
        mailbox.name = name.slice(0, nameBefore);
        end();
        mailbox.name = name.slice(nameBefore);
      }
      mailbox.angle ||= spec;
      mailbox.nameBefore ??= mailbox.name.length;
      i = text[close] === '>' ? close + 1 : close;
      continue;
    } else if (c === ':' && mailbox.angle === null && !mailbox.hasAt) {
      // What was read is the name of a group; its members follow.
      if (asGroups && group === undefined)
        found.push({ name: tidy(mailbox.name), address: '', group: (group = []) });
      mailbox = emptyMailbox();
      isAlone = false;
      i++;
      continue;
    } else if (c === '>' && (mailbox.angle !== null || mailbox.hasAt)) {
      // One too many.
      i++;
      continue;
    } else if (c === '[') {
      // A domain literal may hold colons: [IPv6:2001:db8::1].
      run = text.slice(i, i + text.slice(i, i + maxAddress).indexOf(']') + 1) || c;
    } else if (c === '\\') {
      run = text.slice(i, i + 2);
    } else {
      run = encodedWord.exec(text)?.[0] ?? atom.exec(text)?.[0] ?? c;
    }
    add(run, run);
    mailbox.hasAt ||= run.includes('@');
    i += run.length;
  }
  if (found.length < limit) end();
  return found;
}
