// What the HTML of a message refers to, and what of it readers do not show.
import type { Evidence, Found } from '../../../shared/finding.ts';
import type { Part } from '../../../shared/message.ts';
import { listBodyParts } from '../body-parts.ts';
import { type CheckedMessage, placeOf, toFound, wordsPlace } from './checked.ts';

/** Of the HTML that is looked through. */
const mostHtml = 1024 * 1024;
const mostAddresses = 1000;
/** From here on Gmail clips. */
const clippedAt = 102 * 1024;
const megabyte = 1024 * 1024;
const mostBytes = 25 * megabyte;

function contentIds(part: Part, found = new Set<string>()): Set<string> {
  if (part.contentId !== null) found.add(part.contentId.toLowerCase());
  for (const child of part.children) contentIds(child, found);
  return found;
}

function decodeCid(cid: string): string {
  try {
    return decodeURIComponent(cid).toLowerCase();
  } catch {
    return cid.toLowerCase();
  }
}

const addresses = /\b(?:src|background)\s{0,9}=\s{0,9}["']?([^"'\s<>]{1,2000})/gi;
const inStyles = /url\(\s{0,9}["']?(cid:[^"'\s<>)]{1,300})/gi;

/** Of images and the like, as written. */
function* listSources(html: string): Generator<string> {
  let count = 0;
  for (const pattern of [addresses, inStyles])
    for (const match of html.matchAll(pattern)) {
      if (count++ > mostAddresses) return;
      yield match[1]!;
    }
}

const isLocal = (url: string): boolean =>
  /^(?:https?:)?\/\/(?:[^/@]{0,200}@)?(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\]|10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|[\w-]{1,63}\.(?:local|localhost|test))(?=[:/?#]|$)/i.test(
    url,
  ) || /^file:|^[a-z]:[\\/]/i.test(url);

/** Neither an address nor a place in the mail, nor a placeholder that another finding is about. */
const isRelative = (url: string): boolean =>
  !/^(?:[a-z][\w+.-]*:|#|\/\/)/i.test(url) && !/^$|[{}<>%$[\]|]/.test(url);

export function* checkAddressesInHtml(message: CheckedMessage): Generator<Found> {
  const { raw, structure, links } = message;
  const parts = listBodyParts(structure.root);
  const html = message.html?.slice(0, mostHtml) ?? '';
  const place = (url: string, part: Part | null | undefined): Evidence[] => [
    wordsPlace(raw, part ?? structure.root, url),
  ];
  const sources = [...new Set(listSources(html))];
  const known = contentIds(structure.root);
  const broken = sources.find((url) => /^cid:/i.test(url) && !known.has(decodeCid(url.slice(4))));
  if (broken !== undefined)
    yield toFound('content.broken-cid', place(broken, parts.html), { cid: broken.slice(4) });

  const hrefs = links.filter(({ source }) => source === 'html').map(({ href }) => href.trim());
  const relative = /<base\b/i.test(html) ? undefined : [...hrefs, ...sources].find(isRelative);
  if (relative !== undefined)
    yield toFound(
      'content.relative-url',
      place(relative, parts.html),
      { url: relative },
      { confidence: 0.9 },
    );

  const local = [...hrefs, ...sources].find(isLocal);
  const inText = links.find(({ source, href }) => source === 'text' && isLocal(href));
  if (local !== undefined) yield toFound('content.local-url', place(local, parts.html), { url: local });
  else if (inText)
    yield toFound('content.local-url', place(inText.href, parts.text[0]), { url: inText.href });
}

/** Structured data for Gmail is a script, too, and is read. */
const active = /<(script)\b(?![^<>]{0,300}ld\+json)|<(iframe|object|embed|form|applet)\b/i;

export function* checkActiveHtml(message: CheckedMessage): Generator<Found> {
  const { raw, structure } = message;
  const html = message.html?.slice(0, mostHtml) ?? '';
  const { html: part } = listBodyParts(structure.root);
  if (part === null) return;
  const tag = active.exec(html);
  const what = (tag?.[1] ?? tag?.[2])?.toLowerCase();
  if (tag && what !== undefined)
    yield toFound('content.active-html', [wordsPlace(raw, part, tag[0])], { what: `<${what}>` });
  const size = Buffer.byteLength(message.html ?? '');
  if (size > clippedAt) yield toFound('content.html-clipped', [wordsPlace(raw, part, '')], { size });
}

export function* checkSize({ raw }: CheckedMessage): Generator<Found> {
  if (raw.length > mostBytes)
    yield toFound('content.large', [placeOf(raw, mostBytes, raw.length - mostBytes)], {
      size: Math.round((raw.length / megabyte) * 10) / 10,
    });
}
