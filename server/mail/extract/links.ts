// The links of a message, those of its HTML before those of its text.
import type { Link } from '../../../shared/message.ts';
import type { HtmlLink } from './html-content.ts';
import { guessPurpose } from './purpose.ts';
import { findTextLinks } from './text-links.ts';

export const maxLinks = 500;
/** All addresses together, so that the stored row stays small. */
const maxCharacters = 256 * 1024;

export function collectLinks(html: HtmlLink[], text: string | null): Link[] {
  const all = [
    ...html.map((link) => ({ ...link, source: 'html' as const })),
    ...findTextLinks(text ?? '', maxLinks).map((link) => ({
      ...link,
      isPixel: false,
      source: 'text' as const,
    })),
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
