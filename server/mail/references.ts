// URLs inside CSS and srcset, by their places. Written out instead of as expressions, to be linear for any input.

export interface Span {
  start: number;
  end: number;
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

function skipSpace(text: string, from: number): number {
  let i = from;
  while (i < text.length && isSpace(text.charCodeAt(i))) i++;
  return i;
}

/** A quoted string's content from just past its quote; a line break ends a string that is not closed. */
function stringSpan(text: string, start: number, quote: string): Span {
  let end = start;
  while (end < text.length && text.charAt(end) !== quote && text.charAt(end) !== '\n') {
    end += text.charAt(end) === '\\' ? 2 : 1;
  }
  return { start, end: Math.min(end, text.length) };
}

function bareSpan(text: string, start: number): Span {
  let end = start;
  while (end < text.length && text.charAt(end) !== ')' && !isSpace(text.charCodeAt(end))) end++;
  return { start, end };
}

/** `url(...)`, `src(...)` and the string of `@import` and `image-set()`. */
export function findCssReferences(css: string): Span[] {
  const spans: Span[] = [];
  const opening = /\burl\(|\bsrc\(|@import|image-set\(/gi;
  for (let match = opening.exec(css); match; match = opening.exec(css)) {
    const at = skipSpace(css, opening.lastIndex);
    const quote = css.charAt(at);
    const isFunction = /^(?:url|src)/i.test(match[0]);
    if (quote === '"' || quote === "'") spans.push(stringSpan(css, at + 1, quote));
    else if (isFunction) spans.push(bareSpan(css, at));
    else continue;
    opening.lastIndex = Math.max(at, spans.at(-1)!.end);
  }
  return spans;
}

/** The URL of each candidate: up to white space or the comma behind it. */
export function findSrcsetUrls(srcset: string): Span[] {
  const spans: Span[] = [];
  for (let i = 0; i < srcset.length;) {
    while (i < srcset.length && (isSpace(srcset.charCodeAt(i)) || srcset.charAt(i) === ',')) i++;
    const start = i;
    while (i < srcset.length && !isSpace(srcset.charCodeAt(i))) i++;
    let end = i;
    while (end > start && srcset.charAt(end - 1) === ',') end--;
    if (end > start) spans.push({ start, end });
    // The descriptor, unless a comma right behind the URL ended the candidate.
    if (end === i) while (i < srcset.length && srcset.charAt(i) !== ',') i++;
  }
  return spans;
}
