// What a mail would load from elsewhere. The HTML is parsed into a document without a window: as a browser would, but
// nothing of it is loaded, drawn or run.
export interface RemoteReference {
  url: string;
  host: string;
  kind: 'image' | 'style sheet' | 'font' | 'media' | 'frame' | 'script';
  /** So small that it can only be there to be counted. */
  isPixel: boolean;
}

export interface RemoteContent {
  /** What is loaded when one asks for it. */
  images: RemoteReference[];
  /** What never is. */
  others: RemoteReference[];
  /** Of the images, most first. */
  hosts: { host: string; count: number }[];
  isTooLong: boolean;
}

const maxHtml = 5 * 1024 * 1024;
const maxReferences = 5000;
const nowhere = 'http://nowhere.invalid/';

function remoteUrl(value: string): URL | null {
  try {
    const url = new URL(value, nowhere);
    return /^https?:$/.test(url.protocol) && url.host !== 'nowhere.invalid' ? url : null;
  } catch {
    return null;
  }
}

/** The string or bare word behind `url(`, or behind `@import`. */
const cssReference =
  /(@import)\s{0,20}(?:url\(\s{0,20})?["']?([^"'()\s;]{1,4000})|\b(?:url|src)\(\s{0,20}["']?([^"'()\s]{1,4000})|(@font-face)|(\})|image-set\(\s{0,20}["']([^"']{1,4000})/gi;

function findInCss(css: string): { value: string; kind: RemoteReference['kind'] }[] {
  const found: { value: string; kind: RemoteReference['kind'] }[] = [];
  let isFont = false;
  for (const [, isImport, sheet, url, face, end, set] of css
    .replace(/\/\*[^]*?\*\//g, ' ')
    .matchAll(cssReference)) {
    if (face) isFont = true;
    else if (end) isFont = false;
    else if (isImport && sheet) found.push({ value: sheet, kind: 'style sheet' });
    else if (url ?? set) found.push({ value: url ?? set ?? '', kind: isFont ? 'font' : 'image' });
  }
  return found;
}

/** The first candidate that is elsewhere. */
const firstOfSrcset = (srcset: string): string =>
  srcset.split(/(?<!\s)\s*,\s+|(?<!\s)\s+[\d.]+[wx]\s*,?\s*/, 50).find((url) => remoteUrl(url) !== null) ??
  '';

const isTiny = (element: Element): boolean => {
  const small = (value: string | null): boolean => value !== null && /^\s*[0-2](px)?\s*$/.test(value);
  const style = element.getAttribute('style') ?? '';
  return (
    (small(element.getAttribute('width')) && small(element.getAttribute('height'))) ||
    /(?:^|[;\s])(?:width|height)\s*:\s*[01]px|display\s*:\s*none|visibility\s*:\s*hidden/i.test(style)
  );
};

const kindsBySrc: Record<string, RemoteReference['kind']> = {
  img: 'image',
  input: 'image',
  image: 'image',
  iframe: 'frame',
  frame: 'frame',
  embed: 'frame',
  object: 'frame',
  script: 'script',
  video: 'media',
  audio: 'media',
  source: 'media',
  track: 'media',
};

function* attributesOf(element: Element): Generator<{ value: string; kind: RemoteReference['kind'] }> {
  const tag = element.localName;
  const get = (name: string): string => element.getAttribute(name) ?? '';
  const kind = kindsBySrc[tag];
  const own = get('src') || (tag === 'object' ? get('data') : '');
  const set = get('srcset') || get('imagesrcset');
  if (remoteUrl(own) && kind) yield { value: own, kind };
  // One picture is loaded, whatever the number of its forms.
  else if (set && !(tag === 'source' && element.parentElement?.querySelector('img[src^="http" i]')))
    yield { value: firstOfSrcset(set), kind: 'image' };
  if (get('background')) yield { value: get('background'), kind: 'image' };
  if (get('poster')) yield { value: get('poster'), kind: 'image' };
  if (tag === 'link' && /\bstylesheet\b/i.test(get('rel'))) yield { value: get('href'), kind: 'style sheet' };
  if (tag === 'image' || tag === 'feImage' || tag === 'use')
    yield { value: get('href') || get('xlink:href'), kind: 'image' };
  if (get('style')) yield* findInCss(get('style'));
  if (tag === 'style') yield* findInCss(element.textContent ?? '');
}

export function findRemoteContent(html: string): RemoteContent {
  const found: RemoteContent = { images: [], others: [], hosts: [], isTooLong: html.length > maxHtml };
  if (found.isTooLong) return found;
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const hosts = new Map<string, number>();
  for (const element of parsed.querySelectorAll('*')) {
    for (const { value, kind } of attributesOf(element)) {
      const url = value === '' ? null : remoteUrl(value);
      if (!url) continue;
      const isImage = kind === 'image';
      const list = isImage ? found.images : found.others;
      if (list.length >= maxReferences) continue;
      list.push({ url: url.href, host: url.host, kind, isPixel: isImage && isTiny(element) });
      if (isImage) hosts.set(url.host, (hosts.get(url.host) ?? 0) + 1);
    }
  }
  found.hosts = [...hosts].map(([host, count]) => ({ host, count })).sort((a, b) => b.count - a.count);
  return found;
}

export function countKinds(
  references: readonly RemoteReference[],
): [kind: RemoteReference['kind'], count: number][] {
  const counts = new Map<RemoteReference['kind'], number>();
  for (const { kind } of references) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts];
}
