// How tall the frame of a mail is to be on paper. Its document tells nobody (it has no origin), so it is estimated
// from what it holds: rather too tall than cut.
import type { Message } from '../../../shared/message.ts';

const lineHeight = 24;
const lettersPerLine = 60;
const pictureHeight = 180;
const [least, most] = [320, 40_000];

/** What no reader sees. Where one of them is not closed, the rest belongs to it. */
function withoutHidden(html: string): string {
  const low = html.toLowerCase();
  let kept = '';
  let done = 0;
  for (const found of low.matchAll(/<(style|script|head|title|!--)(?=[\s>/-]|$)/g)) {
    if (found.index < done) continue;
    kept += html.slice(done, found.index);
    const end = found[1] === '!--' ? '-->' : `</${found[1] ?? ''}`;
    const at = low.indexOf(end, found.index + found[0].length);
    if (at < 0) return kept;
    done = at + end.length;
  }
  return kept + html.slice(done);
}

const blocks =
  /<\/?(?:p|div|tr|li|h[1-6]|br|hr|table|tbody|ul|ol|dl|dt|dd|blockquote|pre|section|article|header|footer|center|form|address|figure)\b[^<>]{0,4000}>/gi;

/** Of lines of text, each block beginning on a new one. */
function textHeight(html: string): number {
  let height = 0;
  for (const block of html.split(blocks)) {
    const text = block
      .replace(/<[^<>]{0,4000}>/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    if (text !== '') height += Math.ceil(text.length / lettersPerLine) * lineHeight;
  }
  const spaced = html.match(/<(?:p|h[1-6]|ul|ol|blockquote|pre|hr|figure)[\s>]/gi)?.length ?? 0;
  return height + spaced * 36;
}

/** Of pictures, and of the space that styles and attributes ask for. */
function boxHeight(html: string): number {
  let height = 0;
  for (const [tag] of html.matchAll(/<img\b[^<>]{0,4000}/gi)) {
    const given = /\bheight\s*[=:]\s*["']?\s*(\d{1,4})(?!\s*%)/i.exec(tag)?.[1];
    height += given === undefined ? pictureHeight : Number(given) + 6;
  }
  for (const [, name = '', first = '0'] of html.matchAll(
    /[\s;"'](padding|margin|padding-top|padding-bottom|margin-top|margin-bottom)\s*:\s*(\d{1,3})px/gi,
  ))
    height += Number(first) * (name.includes('-') ? 1 : 2);
  for (const [, space = '0'] of html.matchAll(
    /<(?:table|td|tr|div|th)\b[^<>]{0,2000}?\bheight\s*[=:]\s*["']?(\d{1,4})(?![\d%])/gi,
  ))
    height += Number(space);
  return height;
}

export function framePrintHeight({ html, text }: Pick<Message, 'html' | 'text'>): number {
  const source = withoutHidden((html ?? '').slice(0, 2_000_000));
  const plain = (text ?? '').slice(0, 400_000).split('\n', 5000);
  const plainHeight = plain.reduce(
    (sum, line) => sum + Math.max(1, Math.ceil(line.length / lettersPerLine)) * lineHeight,
    0,
  );
  const height = 80 + Math.max(plainHeight, textHeight(source) + boxHeight(source)) * 1.15;
  return Math.round(Math.min(most, Math.max(least, height)));
}
