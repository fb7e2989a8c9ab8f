// Links, invisible images and readable text of an HTML body, in one pass. Not a rendering: style sheets are not read.
import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/** What of the HTML is looked at. */
const maxHtml = 2 * 1024 * 1024;
const maxValue = 8192;
const maxLinkText = 200;
const maxText = 256 * 1024;

export interface HtmlLink {
  text: string;
  href: string;
  /** An image that nobody can see. */
  isPixel: boolean;
}
export interface HtmlContent {
  links: HtmlLink[];
  text: string;
  /** The text that is in no link. */
  unlinked: string;
}

const silent = new Set(['style', 'script', 'title', 'head', 'noscript', 'template', 'xml']);
const inline = new Set(
  'a abbr b bdi bdo big cite code em font i img ins kbd mark q s samp small span strong sub sup tt u wbr'.split(
    ' ',
  ),
);
const wanted = new Set(['href', 'src', 'alt', 'title', 'width', 'height', 'style', 'aria-label', 'hidden']);
const ignore = (): void => {};

export const foldText = (text: string, length: number): string =>
  text
    .slice(0, length * 8)
    .replace(/[\u200b-\u200f\u034f\u00ad\ufeff\u2060]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '');

function isInvisible(attributes: Map<string, string>): boolean {
  const isTiny = (value: string | undefined): boolean =>
    /^0*[01](?:\.0+)?\s*(?:px)?$/i.test(value?.trim() ?? '');
  if (isTiny(attributes.get('width')?.slice(0, 20)) && isTiny(attributes.get('height')?.slice(0, 20)))
    return true;
  if (attributes.has('hidden')) return true;
  const style = (attributes.get('style') ?? '').slice(0, 2000).toLowerCase().replace(/\s/g, '');
  if (/(?:^|;)(?:display:none|visibility:hidden|opacity:0(?:;|$))/.test(style)) return true;
  return /(?:^|;)width:[01]px/.test(style) && /(?:^|;)height:[01]px/.test(style);
}

/** At most `limit` links. */
export function readHtml(html: string, limit: number): HtmlContent {
  const source = html.slice(0, maxHtml);
  const links: HtmlLink[] = [];
  const text: string[] = [];
  const unlinked: string[] = [];
  let textLength = 0;
  let silenced: string | null = null;
  let tag = '';
  let attribute = '';
  let value = '';
  let attributes = new Map<string, string>();
  let open: { href: string; words: string[]; length: number; label: string } | null = null;

  const add = (piece: string): void => {
    if (silenced !== null) return;
    if (open && open.length < maxLinkText * 4) {
      open.words.push(piece.slice(0, maxLinkText * 4));
      open.length += piece.length;
    }
    if (textLength > maxText) return;
    text.push(piece.slice(0, maxText));
    unlinked.push(open ? '\n' : piece.slice(0, maxText));
    textLength += piece.length;
  };
  const closeLink = (): void => {
    if (!open) return;
    const words = foldText(open.words.join(''), maxLinkText) || foldText(open.label, maxLinkText);
    if (links.length < limit) links.push({ text: words, href: open.href, isPixel: false });
    open = null;
  };
  const endTag = (): void => {
    const alt = attributes.get('alt') ?? '';
    if (tag === 'a' && attributes.has('href')) {
      closeLink();
      const label = attributes.get('aria-label') ?? attributes.get('title') ?? '';
      open = { href: attributes.get('href')!.trim(), words: [], length: 0, label };
    } else if (tag === 'area' && attributes.has('href') && links.length < limit) {
      links.push({ text: foldText(alt, maxLinkText), href: attributes.get('href')!.trim(), isPixel: false });
    } else if (tag === 'img') {
      const src = (attributes.get('src') ?? '').trim();
      if (/^(?:https?:)?\/\//i.test(src) && isInvisible(attributes)) {
        if (links.length < limit) links.push({ text: foldText(alt, maxLinkText), href: src, isPixel: true });
      } else if (alt !== '' && open && open.label === '') open.label = alt;
    }
    tag = '';
  };
  const separate = (name: string): void => {
    if (name === 'td' || name === 'th') add(' ');
    else if (!inline.has(name)) add('\n');
  };

  const callbacks: TokenizerCallbacks = {
    ontext: (start, end) => add(source.slice(start, end)),
    ontextentity: (code) => add(String.fromCodePoint(code)),
    onopentagname(start, end) {
      tag = source.slice(start, Math.min(end, start + 20)).toLowerCase();
      attributes = new Map();
      // A head that is never closed must not hide the body.
      if (tag === 'body') silenced = null;
      else if (silent.has(tag)) silenced ??= tag;
      separate(tag);
    },
    onopentagend: endTag,
    onselfclosingtag: endTag,
    onclosetag(start, end) {
      const name = source.slice(start, Math.min(end, start + 20)).toLowerCase();
      if (name === silenced) silenced = null;
      if (name === 'a') closeLink();
      separate(name);
    },
    onattribname(start, end) {
      attribute = source.slice(start, Math.min(end, start + 20)).toLowerCase();
      value = '';
    },
    onattribdata(start, end) {
      if (wanted.has(attribute) && value.length < maxValue)
        value += source.slice(start, Math.min(end, start + maxValue));
    },
    onattribentity(code) {
      if (value.length < maxValue) value += String.fromCodePoint(code);
    },
    onattribend(quote) {
      // Of an attribute that is given twice, the first counts.
      if (!wanted.has(attribute) || attributes.has(attribute)) return;
      attributes.set(attribute, quote === QuoteType.NoValue ? '' : value.slice(0, maxValue));
    },
    oncdata: ignore,
    oncomment: ignore,
    ondeclaration: ignore,
    onend: ignore,
    onprocessinginstruction: ignore,
  };
  const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks);
  tokenizer.write(source);
  tokenizer.end();
  closeLink();
  const join = (pieces: string[]): string => pieces.join('').slice(0, maxText);
  return { links, text: join(text), unlinked: join(unlinked) };
}
