// What keeps a mail in its frame, found by its letters: within a picture or behind a wrong comment a browser may take for
// markup what the tokenizer takes for text, and the other way round.

const blank = /(?:\s|<\?[^>]*>|<!--(?!-?>)(?:[^-]|-(?!-))*-->)*/.source;
const beginning = new RegExp(
  `^\\ufeff?${blank}(?:<!doctype[^>]*>)?${blank}(?:<html(?:\\s[^<>]*)?>)?${blank}(?:<head(?:\\s[^<>]*)?>)?`,
  'i',
);

/**
 * Where a <base> is one whatever comes: as far up in the head as it can, behind the doctype (before it, browsers fall into
 * quirks mode), and before all that could swallow it.
 */
export const baseOffset = (html: string): number => {
  const found = beginning.exec(html)?.[0] ?? '';
  return found.includes('>') ? found.length : 0;
};

/** Links in a picture do not mind the <base>; from here on there may be such. */
export function pictureOffset(html: string): number {
  const at = html.search(/<svg(?=[\s/>])/i);
  return at < 0 ? Infinity : at;
}

/** Where the names of links end that the tokenizer did not see; `seen` has where those begin that it did, in order. */
export function hiddenLinks(html: string, seen: readonly number[]): number[] {
  const hidden: number[] = [];
  let next = 0;
  for (const { index, 0: found } of html.matchAll(/<(?:a|area)(?=[\s/>])/gi)) {
    while ((seen[next] ?? Infinity) < index) next++;
    if (seen[next] !== index) hidden.push(index + found.length);
  }
  return hidden;
}

const animation = /(<(?:set|animate)(?=[\s/>]))((?:\s+[\w:-]+\s*=\s*(?:"[^"&<>]*"|'[^'&<>]*'))*\s*\/?>)?/gi;
const ofLink = /\sattributename\s*=\s*["'](?:[^"']*:)?\s*(?:href|target)\s*["']/i;

/**
 * An animation of where a link leads, or in which window, would open it in the frame. Of each that may be one the first
 * attribute of that name counts. Nothing is quoted, lest it end an attribute in which these letters stand.
 */
export const stopLinkAnimations = (html: string): string =>
  html.replace(animation, (all: string, tag: string, rest: string | undefined) =>
    rest !== undefined && !ofLink.test(rest) ? all : `${tag} attributeName=none ${rest ?? ''}`,
  );
