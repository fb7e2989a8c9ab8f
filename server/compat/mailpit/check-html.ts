// What Mailpit's checks look for in a message: the links of its HTML and text, and scripts. Which mail program knows
// which element is told by data of caniemail.com, which we do not have: nothing is claimed about that.
import type { HtmlOverview } from '../parts.ts';

const maxLinks = 1000;

const link = /\bhttps?:\/\/[-\w@:%+'!.~#?,&/=;]+/i;
/** In a text: as they stand, and as RFC 2396 appendix E has them, where blanks and line ends may be within. */
const textLink = /(?:^|[^<])\b(https?:\/\/[-\w@:%+'!.~#?,&/=;]+)/gim;
const bracketStart = /<https?:\/\/[-\w@:%+'!.~#?,&/=;]/gi;

/** Not counted, and without a body tag those that stand before it. */
const frame = new Set(['html', 'head', 'meta']);
const beforeBody = new Set([...frame, 'body', 'title', 'base', 'link', 'style']);

/** Elements as Mailpit counts them. */
export function countNodes({ elements }: HtmlOverview, html: string): number {
  const uncounted = /<\/body>/i.test(html) ? frame : beforeBody;
  return [...elements].reduce((sum, [name, count]) => (uncounted.has(name) ? sum : sum + count), 0);
}

function linksInBrackets(text: string): string[] {
  const found: string[] = [];
  bracketStart.lastIndex = 0;
  for (let start = bracketStart.exec(text); start; start = bracketStart.exec(text)) {
    const end = text.indexOf('>', bracketStart.lastIndex + 1);
    if (end < 0) break;
    found.push(text.slice(start.index + 1, end).replaceAll('\n', ''));
    bracketStart.lastIndex = end;
  }
  return found;
}

/** Each once, those of the HTML first. */
export function linksOf({ anchors, styles, images }: HtmlOverview, text: string): string[] {
  const inHtml = [...anchors, ...styles, ...images].filter((url) => link.test(url));
  const inText = [...text.matchAll(textLink)].map((found) => found[1]!);
  return [...new Set([...inHtml, ...inText, ...linksInBrackets(text)])].slice(0, maxLinks);
}
