// Links and mail addresses in plain text, by a scan that walks over each character a bounded number of times.
import { foldText } from './html-content.ts';

const maxText = 1024 * 1024;
const maxUrl = 8192;
/** How far back the words before a link are looked for. */
const maxBefore = 240;

export interface TextLink {
  text: string;
  href: string;
}

const notInUrl = /[\s<>"\x00-\x1f\u3000-\u303f\uff00-\uff5e]/;
const closing: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** Whether an emphasis of Markdown opens on the line before: `_See https://x.test_`. A token may end with "_", too. */
const opensEmphasis = (text: string, start: number): boolean => {
  const before = text.slice(Math.max(0, start - maxBefore), start);
  return /(?:^|[\s(])_(?=\S|$)/.test(before.slice(before.lastIndexOf('\n') + 1));
};

/** The end of the URL that begins at `start`, without the punctuation of the sentence around it. */
function urlEnd(text: string, start: number): number {
  const most = Math.min(text.length, start + maxUrl);
  const balance: Record<string, number> = { '(': 0, '[': 0, '{': 0 };
  let end = start;
  for (; end < most && !notInUrl.test(text[end]!); end++) {
    const char = text[end]!;
    if (char in balance) balance[char]!++;
    else if (char in closing) balance[closing[char]!]!--;
  }
  let isEmphasis: boolean | undefined;
  for (; end > start; end--) {
    const char = text[end - 1]!;
    if (/[.,;:!?'*|\\`…»›“”„‘’]/.test(char) || (char === '_' && (isEmphasis ??= opensEmphasis(text, start))))
      continue;
    const opening = closing[char];
    if (opening === undefined || balance[opening]! >= 0) break;
    balance[opening]!++;
  }
  return end;
}

/** What stands before it on its line, or the line with words above it; nothing of an earlier link, which ends at `from`. */
function wordsBefore(text: string, start: number, from: number): string {
  const before = text.slice(Math.max(from, start - maxBefore), start);
  const lines = before.split('\n');
  const own = foldText(lines.pop() ?? '', 120)
    .replace(/^[\s>)\]"'*.,;:!?]+/, '')
    .replace(/[\s<(["'*:\-–—>]{1,120}$/, '');
  if (/[\p{L}\p{N}]/u.test(own)) return own;
  for (const line of lines.reverse().slice(0, 3)) {
    const words = foldText(line, 120);
    if (/:\/\//.test(words)) break;
    if (/[\p{L}\p{N}]/u.test(words)) return words.replace(/[\s:\-–—>]{1,120}$/, '');
  }
  return '';
}

const local = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]/;
const domain = /[A-Za-z0-9.-]/;

/** The address around the `@` at `at`; null when there is none. */
function addressAround(text: string, at: number): { start: number; end: number } | null {
  let start = at;
  while (start > 0 && at - start < 64 && local.test(text[start - 1]!)) start--;
  let end = at + 1;
  while (end < text.length && end - at <= 255 && domain.test(text[end]!)) end++;
  while (end > at && /[.-]/.test(text[end - 1]!)) end--;
  while (start < at && /[.'*_]/.test(text[start]!)) start++;
  const isAddress =
    start < at && /^[^.-][A-Za-z0-9.-]*\.[A-Za-z][A-Za-z0-9-]*$/.test(text.slice(at + 1, end));
  return isAddress ? { start, end } : null;
}

/** At most `limit` of them, in their order. */
export function findTextLinks(given: string, limit: number): TextLink[] {
  const text = given.slice(0, maxText);
  const found: TextLink[] = [];
  const begin = /https?:\/\/|www\.(?=[a-z0-9])|mailto:|@/gi;
  let behind = 0;
  for (let match = begin.exec(text); match && found.length < limit; match = begin.exec(text)) {
    let start = match.index;
    let end: number;
    let href: string;
    if (match[0] === '@') {
      const address = addressAround(text, start);
      if (!address || address.start < behind) continue;
      ({ start, end } = address);
      href = `mailto:${text.slice(start, end)}`;
    } else {
      if (/[\p{L}\p{N}]/u.test(text[start - 1] ?? ' ') && match[0].length < 7) continue;
      end = urlEnd(text, start);
      if (end - start <= match[0].length) continue;
      href = text.slice(start, end);
      if (/^www\./i.test(href)) href = `http://${href}`;
    }
    found.push({ text: wordsBefore(text, start, behind), href });
    behind = end;
    begin.lastIndex = Math.max(end, match.index + 1);
  }
  return found;
}
