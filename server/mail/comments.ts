// Quoted strings and comments of header fields (RFC 5322 §3.2.2, §3.2.4).

/** The index just past the quoted string that opens at `start`; the end of the text when it never closes. */
export function quotedEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 34) return i + 1;
  }
  return text.length;
}

/** The same for a comment, or `limit`; comments nest, so they are counted and not recursed into. */
export function commentEnd(text: string, start: number, limit = text.length): number {
  let depth = 0;
  for (let i = start; i < limit; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 40) depth++;
    else if (c === 41 && --depth === 0) return i + 1;
  }
  return limit;
}

/** Past the comment that opens at `start` and closes before `limit`, or null: then it is none. */
export function closedCommentEnd(text: string, start: number, limit = text.length): number | null {
  const end = commentEnd(text, start, limit + 1);
  return end <= limit ? end : null;
}

/** Parentheses in quotes, and those that never close, are no comments. */
export function withoutComments(text: string): string {
  if (!text.includes('(')) return text;
  let kept = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 34) i = quotedEnd(text, i) - 1;
    else if (c === 40) {
      const end = closedCommentEnd(text, i);
      if (end === null) break;
      kept += `${text.slice(from, i)} `;
      from = end;
      i = end - 1;
    }
  }
  return kept + text.slice(from);
}
