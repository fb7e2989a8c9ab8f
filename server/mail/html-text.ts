// The first words of an HTML body, for lists. Not a rendering: tags are dropped, entities decoded, nothing else.
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/** What of the HTML is looked at: some mails begin with a style sheet of 100 KB. */
const maxHtml = 512 * 1024;
const silent = new Set(['style', 'script', 'title', 'head', 'noscript', 'template', 'xml']);
const ignore = (): void => {};

export function htmlSnippet(html: string, length: number): string {
  const source = html.slice(0, maxHtml);
  const out: string[] = [];
  let total = 0;
  let silenced: string | null = null;
  const add = (text: string): void => {
    if (silenced !== null || total > length * 4) return;
    const piece = text.slice(0, length * 4).replace(/\s+/g, ' ');
    if (piece !== ' ') total += piece.length;
    out.push(piece);
  };
  const callbacks: TokenizerCallbacks = {
    ontext: (start, end) => add(source.slice(start, end)),
    ontextentity: (code) => add(String.fromCodePoint(code)),
    onopentagname: (start, end) => {
      const name = source.slice(start, Math.min(end, start + 20)).toLowerCase();
      // A head that is never closed must not hide the body.
      if (name === 'body') silenced = null;
      else if (silent.has(name)) silenced ??= name;
      add(' ');
    },
    onclosetag: (start, end) => {
      if (source.slice(start, Math.min(end, start + 20)).toLowerCase() === silenced) silenced = null;
      add(' ');
    },
    onattribdata: ignore,
    onattribentity: ignore,
    onattribend: ignore,
    onattribname: ignore,
    oncdata: ignore,
    oncomment: ignore,
    ondeclaration: ignore,
    onend: ignore,
    onopentagend: ignore,
    onprocessinginstruction: ignore,
    onselfclosingtag: ignore,
  };
  const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks);
  tokenizer.write(source);
  tokenizer.end();
  return foldSnippet(out.join(''), length);
}

/** White space folded, invisible fillers of preview texts dropped, cut between characters. */
export function foldSnippet(text: string, length: number): string {
  const folded = text
    .trimStart()
    .slice(0, length * 20)
    .replace(/[\u200b-\u200f\u034f\u00ad\ufeff\u2060]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, length);
  // Half of a surrogate pair at the end.
  return /[\ud800-\udbff]$/.test(folded) ? folded.slice(0, -1) : folded;
}
