// The source of an HTML part cut into what its pieces are, row by row: a row begins in the state where the one above
// ended. Quoted-printable (RFC 2045 section 6.7) is read as it stands there, so =3D is an equals sign.

export type SpanKind = 'plain' | 'name' | 'tag' | 'attribute' | 'value' | 'comment' | 'escape';

export interface Span {
  text: string;
  kind: SpanKind;
}

/** In text, in a tag, in a quoted value by its quote, or in a comment. */
export type HtmlState = 'text' | 'tag' | '"' | "'" | 'comment';

/** So much is looked at above a row; a tag or a comment that is longer loses its colour, and nothing else. */
export const htmlContext = 8192;

const inText = /<!--|<\/?[a-z][^\s>"'=/]*|<![a-z]*|&(?:#x?[0-9a-f]{1,8}|[a-z][a-z0-9]{1,31});/giy;
const inTag = /\/?>|["']|[^\s>"'=/]+|=(?:3D)?/giy;
/** Without quotes, up to a blank or the end of the tag. */
const bare = /[^\s>"'][^\s>]*/y;

/** The spans of one row in order, whose texts make up the row again, and the state in which it ends. */
export function htmlSpans(text: string, start: HtmlState): { spans: Span[]; end: HtmlState } {
  const spans: Span[] = [];
  let state = start;
  let done = 0;
  const add = (end: number, kind: SpanKind): void => {
    const last = spans.at(-1);
    const piece = text.slice(done, end);
    if (kind === 'plain' && last?.kind === 'plain') last.text += piece;
    else if (piece !== '') spans.push({ text: piece, kind });
    done = end;
  };
  const find = (pattern: RegExp): string | null => {
    pattern.lastIndex = done;
    return pattern.exec(text)?.[0] ?? null;
  };
  while (done < text.length) {
    if (state === 'comment') {
      const end = text.indexOf('-->', done);
      add(end < 0 ? text.length : end + 3, 'comment');
      if (end >= 0) state = 'text';
    } else if (state === '"' || state === "'") {
      const end = text.indexOf(state, done);
      add(end < 0 ? text.length : end + 1, 'value');
      if (end >= 0) state = 'tag';
    } else if (state === 'text') {
      const found = find(inText);
      if (found === null) {
        const next = text.slice(done + 1).search(/[<&]/);
        add(next < 0 ? text.length : done + 1 + next, 'plain');
      } else if (found === '<!--') state = 'comment';
      else {
        add(done + found.length, found.startsWith('<') ? 'tag' : 'escape');
        if (found.startsWith('<')) state = 'tag';
      }
    } else {
      const found = find(inTag);
      if (found === null) add(done + 1, 'plain');
      else if (found === '"' || found === "'") {
        const end = text.indexOf(found, done + 1);
        add(end < 0 ? text.length : end + 1, 'value');
        if (end < 0) state = found;
      } else if (found.endsWith('>')) {
        add(done + found.length, 'tag');
        state = 'text';
      } else if (found.startsWith('=')) {
        add(done + found.length, 'plain');
        const value = find(bare);
        if (value !== null) add(done + value.length, 'value');
      } else add(done + found.length, 'attribute');
    }
  }
  return { spans, end: state };
}

/** The state at the end of what stands above a row, which may be cut off at its top, and end within the name of a tag. */
export function htmlStateAfter(above: string): HtmlState {
  return /<\/?$/.test(above) ? 'tag' : htmlSpans(above, 'text').end;
}

/** Bytes that quoted-printable writes as =XX, and its soft line break, set apart from what they stand in. */
export function quotedPrintableSpans(spans: readonly Span[]): Span[] {
  return spans.flatMap(({ text, kind }) =>
    text
      .split(/(=[0-9A-F]{2}|=[ \t]*$)/)
      .flatMap((piece, index): Span[] =>
        piece === '' ? [] : [{ text: piece, kind: index % 2 === 1 ? 'escape' : kind }],
      ),
  );
}
