// Words and comments of a structured header field, in one pass (RFC 5322 3.2.2).
export interface Word {
  /** A comment without its parentheses. */
  text: string;
  comment: boolean;
}

const maxWords = 400;

/** Nested comments are part of the outer one; one that never closes goes to the end. */
export function scanWords(value: string): Word[] {
  const found: Word[] = [];
  for (let i = 0; i < value.length && found.length < maxWords;) {
    const c = value[i]!;
    if (/\s/.test(c)) i++;
    else if (c === '(') {
      let depth = 1;
      let end = i + 1;
      for (; end < value.length && depth > 0; end++) {
        if (value[end] === '\\') end++;
        else if (value[end] === '(') depth++;
        else if (value[end] === ')') depth--;
      }
      const text = value.slice(i + 1, depth === 0 ? end - 1 : end);
      found.push({ text: text.replace(/\s+/g, ' ').trim(), comment: true });
      i = end;
    } else {
      let end = i;
      let quoted = false;
      for (; end < value.length; end++) {
        const d = value[end]!;
        if (d === '"') quoted = !quoted;
        else if (!quoted && (d === '(' || /\s/.test(d))) break;
      }
      found.push({ text: value.slice(i, end), comment: false });
      i = end;
    }
  }
  return found;
}
