// What the HTML of a message refers to, and what of it readers do not show.
import type { Evidence, Found } from '../../../shared/finding.ts';
import type { Part } from '../../../shared/message.ts';
import { listBodyParts } from '../body-parts.ts';
import { contentIdOf } from '../frame.ts';
import {
  type CheckedMessage,
  listLeaves,
  listMultiparts,
  partFieldPlace,
  placeOf,
  someOf,
  toFound,
  urlPlace,
  wordsPlace,
} from './checked.ts';
import { listSources } from './html-sources.ts';

/** Of the HTML that is looked through. */
const mostHtml = 1024 * 1024;
/** From here on Gmail clips. */
const clippedAt = 102 * 1024;
const megabyte = 1024 * 1024;
const mostBytes = 25 * megabyte;

function contentIds(part: Part, found = new Set<string>()): Set<string> {
  if (part.contentId !== null) found.add(part.contentId.toLowerCase());
  for (const child of part.children) contentIds(child, found);
  return found;
}

const isLocal = (url: string): boolean =>
  /^(?:https?:)?\/\/(?:[^/@]{0,200}@)?(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\]|10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|[\w-]{1,63}\.(?:local|localhost|test))(?=[:/?#]|$)/i.test(
    url,
  ) || /^file:|^[a-z]:[\\/]/i.test(url);

/** Neither an address nor a place in the mail, nor a placeholder that another finding is about. */
const isRelative = (url: string): boolean =>
  !/^(?:[a-z][\w+.-]*:|#|\/\/)/i.test(url) && !/^$|[{}<>%$[\]|]/.test(url);

/** RFC 2557 4.2: what a part is called, by which the HTML may refer to it. */
function locationOf(raw: Buffer, part: Part): string {
  const place = partFieldPlace(raw, part, 'content-location');
  if (place.kind !== 'message' || place.header === undefined) return '';
  const field = raw.toString('utf8', place.offset, place.offset + Math.min(place.length, 4000));
  return field.slice(field.indexOf(':') + 1).replace(/["\s]/g, '');
}

/** Whether a relative address belongs to a part, or to what the HTML says that it was loaded from. */
function isLocated(raw: Buffer, root: Part, html: Part | null, url: string): boolean {
  const bases = [...listMultiparts(root).slice(0, 100), ...(html ? [html] : [])];
  if (bases.some((part) => /^[a-z][\w+.-]*:/i.test(locationOf(raw, part)))) return true;
  const name = url.replace(/^(?:\.?\/)+/, '');
  return listLeaves(root)
    .slice(0, 200)
    .map((part) => `/${locationOf(raw, part)}`)
    .some((location) => location.endsWith(`/${name}`));
}

export function* checkAddressesInHtml(message: CheckedMessage): Generator<Found> {
  const { raw, structure, links } = message;
  const { root } = structure;
  const parts = listBodyParts(root);
  const html = message.html?.slice(0, mostHtml) ?? '';
  const place = (url: string, within: readonly (Part | null)[]): Evidence[] => {
    const known = someOf(
      within.filter((part) => part !== null),
      root,
    );
    return [urlPlace(raw, known, url)];
  };
  const sources = listSources(html);
  const known = contentIds(root);
  const broken = [...sources.urls, ...sources.inStyles].find((url) => {
    const contentId = contentIdOf(url);
    return contentId !== null && !known.has(contentId.toLowerCase());
  });
  if (broken !== undefined)
    yield toFound('content.broken-cid', place(broken, [parts.html]), { cid: broken.slice(4) });

  const hrefs = links.filter(({ source }) => source === 'html').map(({ href }) => href.trim());
  const inHtml = [...hrefs, ...sources.urls];
  const relative = /<base\b/i.test(html)
    ? undefined
    : inHtml
        .filter(isRelative)
        .slice(0, 20)
        .find((url) => !isLocated(raw, root, parts.html, url));
  if (relative !== undefined)
    yield toFound(
      'content.relative-url',
      place(relative, [parts.html]),
      { url: relative },
      { confidence: 0.9 },
    );

  const local = inHtml.find(isLocal);
  const inText = links.find(({ source, href }) => source === 'text' && isLocal(href));
  if (local !== undefined) yield toFound('content.local-url', place(local, [parts.html]), { url: local });
  else if (inText) yield toFound('content.local-url', place(inText.href, parts.text), { url: inText.href });
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
    yield toFound('content.active-html', [wordsPlace(raw, [part], tag[0])], { what: `<${what}>` });
  const size = Buffer.byteLength(message.html ?? '');
  if (size > clippedAt) yield toFound('content.html-clipped', [wordsPlace(raw, [part], '')], { size });
}

export function* checkSize({ raw }: CheckedMessage): Generator<Found> {
  if (raw.length > mostBytes)
    yield toFound('content.large', [placeOf(raw, mostBytes, raw.length - mostBytes)], {
      size: Math.round((raw.length / megabyte) * 10) / 10,
    });
}
