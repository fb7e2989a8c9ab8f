// How version 2 makes one document of several. Its own expressions take too long for what strangers send; these look at
// each piece once.

const tags = /<(?:\/?(?:html|body)|!doctype)\b[^<>]*>/gi;

/** Without what stands between `<head>` and `</head>`. */
function withoutHeads(html: string): string {
  const kept: string[] = [];
  let from = 0;
  for (const open of html.matchAll(/<head(?:\s[^<>]*)?>/gi)) {
    if (open.index < from) continue;
    const close = /<\/head\b[^<>]*>/gi;
    close.lastIndex = open.index;
    const found = close.exec(html);
    if (!found) break;
    kept.push(html.slice(from, open.index));
    from = close.lastIndex;
  }
  kept.push(html.slice(from));
  return kept.join('');
}

/** What of a document stands in its body; white space beside the tags that are left out goes with them. */
function bare(html: string): string {
  const pieces = withoutHeads(html).split(tags);
  const last = pieces.length - 1;
  return pieces
    .map((piece, n) => (n > 0 ? piece.trimStart() : piece))
    .map((piece, n) => (n < last ? piece.trimEnd() : piece))
    .join('');
}

/** A document, and what comes into its body behind what it has. */
export interface Page {
  start: string;
  inserted: string[];
  end: string;
}

export function openPage(document: string): Page {
  const html = document.trim();
  const at = /<\/body(?:\s[^<>]*)?>/i.exec(html)?.index ?? html.length;
  return { start: html.slice(0, at), inserted: [], end: html.slice(at) };
}

/** The part of `multipart/mixed` behind another of the same level: into the body of that. */
export const insertHtml = ({ inserted }: Page, added: string): unknown =>
  inserted.push(`<br/>\n${bare(added).trim()}`);

export const pageHtml = ({ start, inserted, end }: Page): string => start + inserted.join('') + end;

/** `<html><head>..</head><body>` of a document that begins with them; empty where it has none. */
function headOf(html: string): string {
  if (!/^\s*(?:<!doctype\b[^<>]*>\s*)?<(?:html|head)\b[^<>]*>/i.test(html.slice(0, 1024))) return '';
  const end = /<\/head\b[^<>]*>/i.exec(html);
  if (!end) return '';
  const head = html.slice(0, end.index);
  const tag = (form: RegExp, text: string, otherwise: string): string => form.exec(text)?.[0] ?? otherwise;
  const doctype = tag(/<!doctype\b[^<>]*>/i, head.slice(0, 1024), '');
  const inner = head
    .replace(/<\/?(?:!doctype|html|head|body)\b[^<>]*>/gi, '\n')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n')
    .trim();
  return [
    ...(doctype ? [doctype] : []),
    tag(/<html\b[^<>]*>/i, head, '<head>'),
    `${tag(/<head\b[^<>]*>/i, head, '<head>')}${inner ? `${inner}\n` : ''}</head>`,
    `${tag(/<body\b[^<>]*>/i, html.slice(end.index), '<body>')}\n`,
  ].join('\n');
}

/** Documents one behind the other, with the head of the first that has one. */
export function joinHtml(documents: string[]): string {
  const [only = '', ...others] = documents.filter((html) => html !== '');
  if (others.length === 0) return only;
  const head = [only, ...others].map(headOf).find((each) => each !== '');
  const content = [only, ...others].map(bare).join('');
  return head === undefined ? content : `${head}${content}${content ? '\n' : ''}</body>\n</html>`;
}
