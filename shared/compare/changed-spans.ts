// Which parts of two texts that stand for each other differ, word by word.
import { align, numberTexts } from './align.ts';

/** Offsets in the text, `end` excluded. */
export interface Span {
  start: number;
  end: number;
}
export interface ChangedSpans {
  left: Span[];
  right: Span[];
}

/** Longer texts are compared from both ends only. */
const maxWords = 400;
const words = /[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu;

function spansOf(texts: string[], isPaired: (index: number) => boolean): Span[] {
  const spans: Span[] = [];
  let at = 0;
  texts.forEach((text, index) => {
    const last = spans.at(-1);
    if (!isPaired(index)) {
      if (last?.end === at) last.end += text.length;
      else spans.push({ start: at, end: at + text.length });
    }
    at += text.length;
  });
  return spans;
}

/** The span between what both have in front and what both have at the end. */
function middleSpan(left: string, right: string): ChangedSpans {
  const most = Math.min(left.length, right.length);
  let front = 0;
  while (front < most && left[front] === right[front]) front++;
  let back = 0;
  while (back < most - front && left[left.length - 1 - back] === right[right.length - 1 - back]) back++;
  const span = (text: string): Span[] =>
    front < text.length - back ? [{ start: front, end: text.length - back }] : [];
  return { left: span(left), right: span(right) };
}

export function changedSpans(left: string, right: string): ChangedSpans {
  if (left.length + right.length > maxWords * 20) return middleSpan(left, right);
  const [a, b] = [left.match(words) ?? [], right.match(words) ?? []];
  if (a.length > maxWords || b.length > maxWords) return middleSpan(left, right);
  const [x, y] = numberTexts(a, b);
  const partner = align(x!, y!);
  const paired = new Set(partner);
  return {
    left: spansOf(a, (index) => partner[index] !== -1),
    right: spansOf(b, (index) => paired.has(index)),
  };
}
