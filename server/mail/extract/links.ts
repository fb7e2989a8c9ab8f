// The links of a message, those of its HTML before those of its text.
import type { Link } from '../../../shared/message.ts';
import type { HtmlContent } from './html-content.ts';
import { guessPurpose } from './purpose.ts';
import { findTextLinks, type TextLink } from './text-links.ts';

export const maxLinks = 500;
/** All addresses together, so that the stored row stays small. */
const maxCharacters = 256 * 1024;

/** Without a text, addresses that the HTML only shows are looked for: mail programs make links of these, too. */
function shownLinks({ links, unlinked }: HtmlContent): TextLink[] {
  const known = new Set(links.map(({ href }) => href));
  return findTextLinks(unlinked, maxLinks).filter(({ href }) => /^https?:/i.test(href) && !known.has(href));
}

export function collectLinks(html: HtmlContent, text: string | null): Link[] {
  const all = [
    ...html.links.map((link) => ({ ...link, source: 'html' as const })),
    ...(text === null
      ? shownLinks(html).map((link) => ({ ...link, isPixel: false, source: 'html' as const }))
      : findTextLinks(text, maxLinks).map((link) => ({ ...link, isPixel: false, source: 'text' as const }))),
  ];
  const links: Link[] = [];
  const seen = new Set<string>();
  let characters = 0;
  for (const { text: words, href, isPixel, source } of all) {
    // A place within the mail is no link; nor is an empty address.
    if (href === '' || href.startsWith('#')) continue;
    const key = `${source}\n${words}\n${href}`;
    if (seen.has(key)) continue;
    characters += href.length;
    if (links.length === maxLinks || characters > maxCharacters) break;
    seen.add(key);
    links.push({ text: words, href, purpose: guessPurpose(words, href, isPixel), source });
  }
  return links;
}
