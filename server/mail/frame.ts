// The HTML of a mail for its frame. It is not sanitised: the sandbox and the policy of `csp` are the wall, and a
// developer wants to see the mail as it was sent. So nothing is serialised anew; pieces are replaced where they stand.
import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { escapeHtml } from '../../shared/escape-html.ts';
import { baseOffset, hiddenLinks, pictureOffset, stopLinkAnimations } from './frame-links.ts';
import { findCssReferences, findSrcsetUrls, type Span } from './references.ts';

const maxHtml = 5 * 1024 * 1024;

/** The address that stands for an inline part, e.g. `/cid/k3J9`; null when the message has no such part. */
export type ResolveContentId = (contentId: string) => string | null;

export interface Frame {
  html: string;
  /** How many references to other servers the page would load. */
  remote: number;
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

// What a browser loads without being asked to; `*` stands for any element.
const loading = new Map<string, string>([
  ['src', '*'],
  ['background', '*'],
  ['xlink:href', '*'],
  ['lowsrc', 'img'],
  ['dynsrc', 'img'],
  ['poster', 'video'],
  ['data', 'object'],
  ['href', 'link image use feimage'],
]);
export const isLoading = (tag: string, attribute: string): boolean => {
  const tags = loading.get(attribute);
  return tags === '*' || (tags?.split(' ').includes(tag) ?? false);
};
const isRemote = (url: string): boolean => /^\s*(?:https?:|\/\/|\\\\)/i.test(url);

/** RFC 2392: the Content-ID is percent-encoded in a cid: URL. */
export function contentIdOf(url: string): string | null {
  const match = /^\s*cid:/i.exec(url);
  if (!match) return null;
  const encoded = url.slice(match[0].length).trim();
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** Safe in any attribute, quoted or not, and in CSS. */
const escapeUrl = (url: string): string =>
  url.replace(/[^\w\-./~:?=%#]/gu, (c) =>
    [...Buffer.from(c)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
/** For an attribute value that had entities, whatever its quotes. */
const escapeValue = (value: string): string => value.replace(/[&<>"'\s=`]/g, (c) => `&#${c.charCodeAt(0)};`);

/**
 * No policy stops `<link rel=preconnect>`, and for a frame that it refuses a browser opens the connection first. Neither
 * can load anything here, so each becomes an element that is parsed alike and does nothing. By the letters, not by the
 * tokenizer: whatever a browser takes for one of them begins with these.
 */
const disarm = (html: string): string =>
  stopLinkAnimations(html)
    .replace(/<(?:link|frame)(?=[\s/>])/gi, '<basefont')
    .replace(/<(\/?)iframe(?=[\s/>])/gi, '<$1noembed');

export function frameHtml(html: string, resolve: ResolveContentId): Frame {
  if (html.length > maxHtml) return { html: disarm(html), remote: 0 };
  const edits: Edit[] = [];
  let remote = 0;
  let tag = '';
  let attribute = '';
  let valueStart = 0;
  let value = '';
  let isStyle = false;
  // Of the link that is being read.
  let tagEnd = 0;
  let target: Edit | null = null;
  /** Where it leads: 'href' comes before 'xlink:href', and of each the first counts. */
  let href: string | null = null;
  let xlinkHref: string | null = null;
  const pictureAt = pictureOffset(html);
  const links: number[] = [];

  /** Looks at one URL; gives what to write instead, if anything. */
  function judge(url: string): string | null {
    const contentId = contentIdOf(url);
    if (contentId === null) {
      if (isRemote(url)) remote++;
      return null;
    }
    const address = resolve(contentId);
    return address === null ? null : escapeUrl(address);
  }

  function judgeAll(spans: Span[], text: string, offset: number): Edit[] {
    const found: Edit[] = [];
    for (const { start, end } of spans) {
      const replacement = judge(text.slice(start, end));
      if (replacement !== null) found.push({ start: offset + start, end: offset + end, text: replacement });
    }
    return found;
  }

  function endAttribute(quote: QuoteType, endIndex: number): void {
    if (quote === QuoteType.NoValue) return;
    const end = quote === QuoteType.Unquoted ? endIndex : endIndex - 1;
    if (tag === 'a' || tag === 'area') {
      if (attribute === 'target') target ??= { start: valueStart, end, text: '_blank' };
      if (attribute === 'href') href ??= value;
      if (attribute === 'xlink:href') xlinkHref ??= value;
    }
    const spans =
      attribute === 'style'
        ? findCssReferences(value)
        : /^(?:image)?srcset$/.test(attribute)
          ? findSrcsetUrls(value)
          : isLoading(tag, attribute)
            ? [{ start: 0, end: value.length }]
            : [];
    if (spans.length === 0) return;
    if (value.length === end - valueStart) {
      for (const edit of judgeAll(spans, value, valueStart)) edits.push(edit);
      return;
    }
    // With entities in it the places in the decoded text are not those in the source.
    const found = judgeAll(spans, value, 0);
    if (found.length > 0) edits.push({ start: valueStart, end, text: escapeValue(applyEdits(value, found)) });
  }

  function endTag(): void {
    isStyle = tag === 'style';
    const hasPicture = tagEnd > pictureAt;
    // A link that opens in the frame would take the mail away; one to a place in the mail must stay.
    const isAnchor = (href ?? (hasPicture ? xlinkHref : null))?.trim().startsWith('#') ?? false;
    if (isAnchor && target === null) edits.push({ start: tagEnd, end: tagEnd, text: ' target="_self"' });
    else if (!isAnchor && target !== null) edits.push(target);
    else if (!isAnchor && tag === 'a' && hasPicture)
      edits.push({ start: tagEnd, end: tagEnd, text: ' target="_blank"' });
    href = xlinkHref = target = null;
  }

  const callbacks: TokenizerCallbacks = {
    onopentagname(start, end) {
      tag = html.slice(start, Math.min(end, start + 40)).toLowerCase();
      tagEnd = end;
      if (tag === 'a' || tag === 'area') links.push(start - 1);
    },
    onopentagend: endTag,
    onselfclosingtag: endTag,
    onclosetag: () => {
      isStyle = false;
    },
    ondeclaration: () => {},
    onattribname(start, end) {
      attribute = html.slice(start, Math.min(end, start + 40)).toLowerCase();
      value = '';
      // White space, equals sign, white space, quote: the value begins behind them.
      let at = end;
      while (/[\s=]/.test(html.charAt(at)) && at < html.length) at++;
      valueStart = /["']/.test(html.charAt(at)) ? at + 1 : at;
    },
    onattribdata(start, end) {
      value += html.slice(start, end);
    },
    onattribentity(code) {
      value += String.fromCodePoint(code);
    },
    onattribend: endAttribute,
    ontext(start, end) {
      if (!isStyle) return;
      const css = html.slice(start, end);
      for (const edit of judgeAll(findCssReferences(css), css, start)) edits.push(edit);
    },
    ontextentity: () => {},
    oncdata: () => {},
    oncomment: () => {},
    onend: () => {},
    onprocessinginstruction: () => {},
  };
  const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks);
  tokenizer.write(html);
  tokenizer.end();

  for (const at of hiddenLinks(html, links)) edits.push({ start: at, end: at, text: ' target=_blank ' });
  const baseAt = baseOffset(html);
  edits.push({ start: baseAt, end: baseAt, text: '<base target="_blank">' });
  return { html: disarm(applyEdits(html, edits)), remote };
}

function applyEdits(html: string, edits: Edit[]): string {
  const out: string[] = [];
  let pos = 0;
  for (const { start, end, text } of edits.sort((a, b) => a.start - b.start)) {
    if (start < pos) continue;
    out.push(html.slice(pos, start), text);
    pos = end;
  }
  out.push(html.slice(pos));
  return out.join('');
}

/** The page for a mail that has only text. */
export const textAsHtml = (text: string): string =>
  '<!doctype html><meta charset="utf-8"><style>:root{color-scheme:light dark}' +
  'pre{font:14px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:16px}</style>' +
  `<pre>\n${escapeHtml(text)}</pre>`;

/**
 * The Content-Security-Policy of the frame. Images of our own server come from `/cid/` only: 'self' would let a mail
 * fetch any path of it. `cidBase` is an address such as `http://127.0.0.1:8025/cid/`. Images are all that is ever
 * loaded from elsewhere, and only when asked: style sheets, fonts and media would tell the sender no less.
 */
export function csp(allowRemote: boolean, cidBase: string): string {
  // The host comes from a request; nothing else may get into the header with it.
  const inline = /^https?:\/\/[\w.:[\]-]+\/cid\/$/.test(cidBase) ? ` ${cidBase}` : '';
  const remote = allowRemote ? ' https: http:' : '';
  return [
    "default-src 'none'",
    `img-src data:${inline}${remote}`,
    "style-src 'unsafe-inline'",
    'font-src data:',
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ].join('; ');
}
