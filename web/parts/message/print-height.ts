// How tall the frame of a mail is to be on paper: by a copy that was measured, or estimated from what it holds. Rather too
// tall than cut.
import type { Message } from '../../../shared/message.ts';
import { measureCopy } from './measured-copy.ts';

const pageWidth = 700;
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
function textHeight(html: string, width: number): number {
  const letters = Math.max(8, (lettersPerLine * width) / pageWidth);
  let height = 0;
  for (const block of html.split(blocks)) {
    const text = block
      .replace(/<[^<>]{0,4000}>/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    if (text !== '') height += Math.ceil(text.length / letters) * lineHeight;
  }
  const spaced = html.match(
    /<(?:p|h[1-6]|ul|ol|blockquote|pre|hr|figure)(?=[\s>])(?![^<>]{0,2000}\bmargin)/gi,
  );
  const titles = html.match(/<h[12](?=[\s>])/gi);
  return height + (spaced?.length ?? 0) * 36 + (titles?.length ?? 0) * 24;
}

/** Of pictures, and of the space that styles and attributes ask for. */
function boxHeight(html: string): number {
  let height = 0;
  for (const [tag] of html.matchAll(/<img\b[^<>]{0,4000}/gi)) {
    const given = /\bheight\s*[=:]\s{0,20}["']?\s{0,20}(\d{1,4})(?!\s*%)/i.exec(tag)?.[1];
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

/** A cell, or all: what stands in it below each other. A row: its cells, beside each other. */
interface Box {
  isRow: boolean;
  tag: string;
  items: (string | Box)[];
}

/** Deeper ones are taken as text; mail programs nest a dozen. */
const deepest = 100;

/** Mail is laid out in tables, in which much stands side by side. */
function readBoxes(html: string): Box {
  const whole: Box = { isRow: false, tag: '', items: [] };
  const open = [whole];
  const top = (): Box => open.at(-1) ?? whole;
  /** What stands in a row and in no cell is drawn before the table. */
  const flow = (text: string): unknown =>
    text !== '' && (top().isRow ? open.at(-2) : top())?.items.push(text);
  let done = 0;
  for (const found of html.matchAll(/<(\/?)(tr|td|th)\b[^<>]{0,4000}>/gi)) {
    const [tag, slash, name = ''] = found;
    const isRow = name.toLowerCase() === 'tr';
    flow(html.slice(done, found.index));
    done = found.index + tag.length;
    const isSame = top().isRow === isRow;
    // A row that begins ends the one before; what closes nothing that is open is nothing.
    if (open.length > 1 && isSame && (slash !== '' || isRow)) open.pop();
    if (slash !== '' || (isSame && !isRow) || open.length >= deepest) continue;
    const box: Box = { isRow, tag, items: isRow ? [] : [tag] };
    top().items.push(box);
    open.push(box);
  }
  flow(html.slice(done));
  return whole;
}

/** Undefined where it says nothing of it. */
function ownWidth(tag: string, room: number): number | undefined {
  const [, value, unit] = /\bwidth\s*[=:]\s{0,20}["']?\s{0,20}(\d{1,4})(%)?/i.exec(tag) ?? [];
  if (value === undefined) return undefined;
  return unit ? (Number(value) / 100) * room : Math.min(room, Number(value));
}

function heightOf({ isRow, items }: Box, width: number): number {
  if (!isRow)
    return items.reduce(
      (sum, item) =>
        sum + (typeof item === 'string' ? textHeight(item, width) + boxHeight(item) : heightOf(item, width)),
      0,
    );
  const cells = items.filter((item) => typeof item !== 'string');
  const widths = cells.map(({ tag }) => ownWidth(tag, width));
  const taken = widths.reduce<number>((sum, own) => sum + (own ?? 0), 0);
  const others = widths.filter((own) => own === undefined).length;
  const share = Math.max(width / 12, (width - taken) / Math.max(1, others));
  return cells.reduce((tallest, cell, n) => Math.max(tallest, heightOf(cell, widths[n] ?? share)), 0);
}

const estimateHeight = (html: string): number =>
  heightOf(readBoxes(withoutHidden(html.slice(0, 2_000_000))), pageWidth);

/** What the copy has not, or not as it is. */
const unlike = 'svg, video, audio, object, canvas, input, textarea, select, button, details';

/** Not a number where nothing says it. */
const toldHeight = (picture: HTMLImageElement): number =>
  parseFloat(picture.style.height.endsWith('px') ? picture.style.height : '') ||
  Number(/^\s*(\d+)(?:px)?\s*$/.exec(picture.getAttribute('height') ?? '')?.[1]);

/** Null where only an estimate is to be had. */
export function measurePrintHeight(html: string): number | null {
  return measureCopy(html, least, ({ frame, copy, mail }) => {
    const pictures = [...mail.images].reduce((sum, picture) => sum + toldHeight(picture), 0);
    if (Number.isNaN(pictures) || mail.querySelector(unlike)) return null;
    frame.style.width = `${pageWidth}px`;
    const drawn = [...copy.querySelectorAll('svg')].reduce(
      (sum, drawing) => sum + drawing.getBoundingClientRect().height,
      0,
    );
    const height = copy.scrollingElement?.scrollHeight ?? 0;
    // Styles may make a drawing of nothing smaller than the picture.
    return height === 0 ? null : height + Math.max(0, pictures - drawn);
  });
}

/** `measured`: of the HTML. */
export function framePrintHeight(
  { html, text }: Pick<Message, 'html' | 'text'>,
  measured: number | null = null,
): number {
  const plain = (text ?? '').slice(0, 400_000).split('\n', 5000);
  const plainHeight = plain.reduce(
    (sum, line) => sum + Math.max(1, Math.ceil(line.length / lettersPerLine)) * lineHeight,
    0,
  );
  const height = 80 + Math.max(plainHeight, measured ?? estimateHeight(html ?? '')) * 1.15;
  return Math.round(Math.min(most, Math.max(least, height)));
}
