// The links of a message's HTML and text, as Mailpit's check looks for them.
import type { HtmlOverview } from '../parts.ts';

const maxLinks = 1000;

const link = /\bhttps?:\/\/[-\w@:%+'!.~#?,&/=;]+/i;
/** In a text: as they stand, and as RFC 2396 appendix E has them, where blanks and line ends may be within. */
const textLink = /(?:^|[^<])\b(https?:\/\/[-\w@:%+'!.~#?,&/=;]+)/gim;
const bracketStart = /<https?:\/\/[-\w@:%+'!.~#?,&/=;]/gi;

function linksInBrackets(text: string): string[] {
  const found: string[] = [];
  bracketStart.lastIndex = 0;
  for (let start = bracketStart.exec(text); start; start = bracketStart.exec(text)) {
    const end = text.indexOf('>', bracketStart.lastIndex + 1);
    if (end < 0) break;
    found.push(text.slice(start.index + 1, end).replace(/\r?\n/g, ''));
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
