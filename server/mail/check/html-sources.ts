// The addresses that HTML loads by itself, as attributes and styles of elements give them: not those in comments,
// scripts and texts, nor in attributes that only look alike.
import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { isLoading } from '../frame.ts';
import { findCssReferences, findSrcsetUrls, type Span } from '../references.ts';

const mostSources = 1000;
const maxValue = 100_000;
const maxUrl = 2000;
const ignore = (): void => {};

/** Without their entities; each once. `inStyles` are those of CSS. */
export function listSources(html: string): { urls: Set<string>; inStyles: Set<string> } {
  const urls = new Set<string>();
  const inStyles = new Set<string>();
  let tag = '';
  let attribute = '';
  let value = '';
  let isStyle = false;

  function add(to: Set<string>, spans: Span[], text: string): void {
    for (const { start, end } of spans) {
      if (to.size >= mostSources) return;
      const url = text.slice(start, end).trim();
      if (url.length <= maxUrl) to.add(url);
    }
  }
  function endAttribute(quote: QuoteType): void {
    if (quote === QuoteType.NoValue) return;
    if (attribute === 'style') add(inStyles, findCssReferences(value), value);
    else if (/^(?:image)?srcset$/.test(attribute)) add(urls, findSrcsetUrls(value), value);
    else if (isLoading(tag, attribute)) add(urls, [{ start: 0, end: value.length }], value);
  }
  const endTag = (): void => {
    isStyle = tag === 'style';
  };
  const callbacks: TokenizerCallbacks = {
    onopentagname(start, end) {
      tag = html.slice(start, Math.min(end, start + 40)).toLowerCase();
    },
    onopentagend: endTag,
    onselfclosingtag: endTag,
    onclosetag() {
      isStyle = false;
    },
    onattribname(start, end) {
      attribute = html.slice(start, Math.min(end, start + 40)).toLowerCase();
      value = '';
    },
    onattribdata(start, end) {
      if (value.length < maxValue) value += html.slice(start, end);
    },
    onattribentity(code) {
      if (value.length < maxValue) value += String.fromCodePoint(code);
    },
    onattribend: endAttribute,
    ontext(start, end) {
      if (!isStyle) return;
      const css = html.slice(start, end);
      add(inStyles, findCssReferences(css), css);
    },
    ontextentity: ignore,
    ondeclaration: ignore,
    oncdata: ignore,
    oncomment: ignore,
    onend: ignore,
    onprocessinginstruction: ignore,
  };
  const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks);
  tokenizer.write(html);
  tokenizer.end();
  return { urls, inStyles };
}
