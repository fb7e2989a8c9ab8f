// The links of a mail as rows: each once, the useful first, and where it leads beside where its words say.
import type { Link, LinkPurpose } from '../../../shared/message.ts';

const order: LinkPurpose[] = [
  'confirm',
  'reset',
  'login',
  'invite',
  'unsafe',
  'other',
  'browser-view',
  'preferences',
  'unsubscribe',
  'mail',
  'phone',
  'pixel',
];

export interface LinkRow extends Link {
  /** How often it is in the mail. */
  count: number;
}

/** One row for each address and text that the filter lets through. */
export function listLinks(links: readonly Link[], filter: string): LinkRow[] {
  const wanted = filter.trim().toLowerCase();
  const found = new Map<string, LinkRow>();
  for (const link of links) {
    if (wanted && !`${link.text} ${link.href} ${link.purpose}`.toLowerCase().includes(wanted)) continue;
    const key = `${link.href}\n${link.text}\n${link.source}`;
    const known = found.get(key);
    if (known) known.count += 1;
    else found.set(key, { ...link, count: 1 });
  }
  return [...found.values()].sort((a, b) => order.indexOf(a.purpose) - order.indexOf(b.purpose));
}

/** What a browser may open in another tab. */
export const canOpen = (href: string): boolean => /^https?:\/\//i.test(href.trim());

export interface TextPiece {
  text: string;
  /** Null: no link. */
  href: string | null;
}

/** The text, cut where its links begin and end. */
export function cutAtLinks(text: string, links: readonly Link[]): TextPiece[] {
  const hrefs = links
    .filter(({ source, href }) => source === 'text' && canOpen(href))
    .map(({ href }) => href);
  if (hrefs.length === 0) return [{ text, href: null }];
  // The longest first, since one may be the beginning of another.
  const longestFirst = [...new Set(hrefs)].sort((a, b) => b.length - a.length);
  const any = new RegExp(`(${longestFirst.map((href) => href.replace(/[^\w]/g, '\\$&')).join('|')})`);
  // What the expression catches comes at every other place.
  return text
    .split(any)
    .map((piece, index) => ({ text: piece, href: index % 2 === 1 ? piece : null }))
    .filter((piece) => piece.text !== '');
}

export function hostOf(href: string): string | null {
  try {
    const url = new URL(href.trim());
    return /^https?:$/.test(url.protocol) ? url.host : null;
  } catch {
    return null;
  }
}

const bare = (host: string): string => host.toLowerCase().replace(/^www\./, '');

/** The host that the words name, if it is another one; a longer name of the same domain is the same. */
export function claimsOtherHost(text: string, href: string): string | null {
  const host = hostOf(href);
  if (host === null) return null;
  const [, claimed] =
    /^\s*(?:https?:\/\/)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})(?::\d+)?(?:[/?#]\S*)?\s*$/i.exec(
      text.slice(0, 300),
    ) ?? [];
  if (claimed === undefined || /@/.test(text)) return null;
  const [said, meant] = [bare(claimed), bare(host.replace(/:\d+$/, ''))];
  return said === meant || meant.endsWith(`.${said}`) || said.endsWith(`.${meant}`) ? null : said;
}
