// What Mailpit's checks look for in a message: the links of its HTML and text, and scripts. Which mail programs know
// which element is told by data of caniemail.com, which we do not have: nothing is claimed about that.
import { Parser } from 'htmlparser2';

/** So much is looked at: the rest of a hostile message is left alone. */
const maxHtml = 1024 * 1024;
const maxLinks = 1000;

const link = /\bhttps?:\/\/[-\w@:%+'!.~#?,&/=;]+/i;
/** In a text: as they stand, and as RFC 2396 appendix E has them, where blanks and line ends may be within. */
const textLink = /(?:^|[^<])\b(https?:\/\/[-\w@:%+'!.~#?,&/=;]+)/gim;
const bracketStart = /<https?:\/\/[-\w@:%+'!.~#?,&/=;]/gi;

interface Found {
  /** Elements as Mailpit counts them. */
  nodes: number;
  /** Those that a browser would run. */
  scripts: number;
  links: string[];
}

/** Not counted, and without a body tag those that stand before it. */
const frame = new Set(['html', 'head', 'meta']);
const beforeBody = new Set([...frame, 'body', 'title', 'base', 'link', 'style']);
const dataTypes = /^application\/(?:ld\+)?json$/;

export function lookAtHtml(html: string): Found {
  const uncounted = /<\/body>/i.test(html) ? frame : beforeBody;
  const [anchors, styles, images]: string[][] = [[], [], []];
  const found = { nodes: 0, scripts: 0 };
  const add = (list: string[] | undefined, url: string | undefined): void => {
    if (list && url !== undefined && list.length < maxLinks && link.test(url)) list.push(url);
  };
  const parser = new Parser({
    onopentag(name, { href, src, rel, type = '' }) {
      if (!uncounted.has(name)) found.nodes += 1;
      if (name === 'script' && !dataTypes.test(type)) found.scripts += 1;
      if (name === 'a') add(anchors, href);
      if (name === 'link' && rel === 'stylesheet') add(styles, href);
      if (name === 'img') add(images, src);
    },
  });
  parser.end(html.slice(0, maxHtml));
  return { ...found, links: [...anchors!, ...styles!, ...images!] };
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
export function linksOf({ html, text }: { html: string; text: string }): string[] {
  const inText = [...text.matchAll(textLink)].map((found) => found[1]!);
  return [...new Set([...lookAtHtml(html).links, ...inText, ...linksInBrackets(text)])].slice(0, maxLinks);
}
