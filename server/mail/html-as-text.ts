// HTML as text, for messages that have no other. Mailpit and maildev 3 each show such a message with a text that a
// library of theirs makes of the HTML; tests look for codes and links in it. Near to theirs, not equal in all.
import { Parser } from 'htmlparser2';
import { cutHtml } from './cut-html.ts';

/** What of the HTML is looked at. */
const most = { length: 512 * 1024, tags: 20_000 };
const wrapAt = 80;
const silent = new Set(['style', 'script', 'head', 'title', 'template', 'noscript']);

/** Line breaks before and after. */
type Breaks = [before: number, after: number];
interface Style {
  blocks: Record<string, Breaks>;
  item: string;
  bold: string;
  /** Whether cells of a table stand apart. */
  cells: boolean;
  link(href: string): string;
  /** Also where it is the text of the link. */
  sameLink: boolean;
  heading(text: string, level: number): string;
  wrap: boolean;
  /** Line breaks between two texts. */
  mostBreaks: number;
  /** Whether a no-break space that begins a line is kept: mails have paragraphs of nothing else. */
  spacers: boolean;
  /** Whether items of ordered lists are counted. */
  numbers: boolean;
}

const sections = Object.fromEntries(
  ['article', 'aside', 'div', 'footer', 'form', 'header', 'main', 'nav', 'section'].map((name) => [
    name,
    [1, 1],
  ]),
) as Record<string, Breaks>;
const paragraphs = Object.fromEntries(
  ['p', 'ul', 'ol', 'table', 'blockquote', 'pre', 'h4', 'h5', 'h6'].map((name) => [name, [2, 2]]),
) as Record<string, Breaks>;
const headings = (before: number): Record<string, Breaks> => ({
  h1: [before, 2],
  h2: [before, 2],
  h3: [before, 2],
});

const styles = {
  /** html2text of Go. */
  mailpit: {
    blocks: { ...sections, ...paragraphs, ...headings(2), li: [1, 1] },
    ...{ item: '* ', bold: '*', cells: true, wrap: false, sameLink: false, numbers: false },
    ...{ mostBreaks: 2, spacers: false },
    link: (href) => ` ( ${href} )`,
    heading(text, level) {
      const width = Math.max(...text.split('\n').map((line) => line.length));
      const rule = (level === 1 ? '*' : '-').repeat(width);
      return level > 2 ? `${text}\n${rule}` : `${rule}\n${text}\n${rule}`;
    },
  },
  /** html-to-text of Node.js. */
  maildev: {
    blocks: { ...sections, ...paragraphs, ...headings(3), li: [1, 1] },
    ...{ item: ' * ', bold: '', cells: false, wrap: true, sameLink: true, numbers: true },
    ...{ mostBreaks: Infinity, spacers: true },
    link: (href) => ` [${href}]`,
    heading: (text) => text.toUpperCase(),
  },
} satisfies Record<string, Style>;

function wrapLine(line: string): string {
  if (line.length <= wrapAt) return line;
  const indent = ' '.repeat(/^ (?:\*|\d+\.) /.exec(line)?.[0].length ?? 0);
  const lines = [''];
  for (const word of line.split(/(?<=\S) /)) {
    const last = lines.length - 1;
    if (lines[last] === '' && last === 0) lines[0] = word;
    else if (lines[last]!.length + 1 + word.length <= wrapAt) lines[last] += ` ${word}`;
    else lines.push(indent + word);
  }
  return lines.join('\n');
}

/** Reads the first 512 KiB and 20,000 tags. */
export function htmlAsText(html: string, tool: 'mailpit' | 'maildev'): string {
  const style: Style = styles[tool];
  const out: string[] = [];
  /** Of blocks the widest counts, and each `<br>` is one more. */
  let breaks = 0;
  let lines = 0;
  let isSpaced = false;
  let silenced = 0;
  let link: { href: string; start: number; depth: number } | undefined;
  let heading: { name: string; start: number } | undefined;

  /** The next number of each open list; null where it has none. */
  const lists: (number | null)[] = [];
  function itemMark(): string {
    const number = lists.at(-1);
    if (number === null || number === undefined) return style.item;
    lists[lists.length - 1] = number + 1;
    return ` ${number}. `;
  }

  const breakLine = (count: number): void => {
    breaks = Math.max(breaks, count);
    isSpaced = false;
  };
  function flush(): void {
    const count = Math.min(breaks + lines, style.mostBreaks);
    if (count > 0 && out.length > 0) out.push('\n'.repeat(count));
    else if (isSpaced && out.length > 0 && !out.at(-1)!.endsWith(' ')) out.push(' ');
    breaks = 0;
    lines = 0;
    isSpaced = false;
  }
  function write(text: string): void {
    flush();
    out.push(text);
  }

  // `<constructor>` is an element like any unknown one.
  const blockOf = (name: string): Breaks | undefined =>
    Object.hasOwn(style.blocks, name) ? style.blocks[name] : undefined;

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (silent.has(name)) silenced += 1;
        if (silenced > 0) return;
        const block = blockOf(name);
        if (block) breakLine(block[0]);
        if (name === 'ul' || name === 'ol') lists.push(name === 'ol' && style.numbers ? 1 : null);
        if (name === 'br') lines += 1;
        else if (name === 'hr') {
          breakLine(2);
          write('-'.repeat(wrapAt));
          breakLine(2);
        } else if (name === 'li') write(itemMark());
        else if (name === 'b' || name === 'strong') {
          if (style.bold) write(style.bold);
        } else if ((name === 'td' || name === 'th') && style.cells) isSpaced = true;
        else if (name === 'img' && attributes.alt)
          write(style.wrap && attributes.src ? `${attributes.alt} [${attributes.src}]` : attributes.alt);
        else if (name === 'a' && link) link.depth += 1;
        else if (name === 'a') {
          flush();
          link = { href: attributes.href ?? '', start: out.length, depth: 0 };
        } else if (/^h[1-3]$/.test(name) && !heading) {
          flush();
          heading = { name, start: out.length };
        }
      },
      ontext(text) {
        if (silenced > 0) return;
        const folded = text.replace(/[ \t\r\n\f]+/g, ' ');
        // A no-break space is one of the words: entities come as pieces of their own.
        const words = folded.replace(/^ | $/g, '');
        if (folded.startsWith(' ') && breaks + lines === 0) isSpaced = true;
        const isFirst = breaks + lines > 0 || out.length === 0;
        if (words === '' || (isFirst && !style.spacers && /^\u00a0+$/.test(words))) return;
        write(words);
        isSpaced = folded.endsWith(' ');
      },
      onclosetag(name) {
        if (silent.has(name)) silenced = Math.max(0, silenced - 1);
        if (silenced > 0) return;
        if ((name === 'b' || name === 'strong') && style.bold) out.push(style.bold);
        if (name === 'a' && link && link.depth > 0) link.depth -= 1;
        else if (name === 'a' && link) {
          const href = link.href.replace(/^mailto:/i, '');
          const isShown = style.sameLink || out.slice(link.start).join('').trim() !== href;
          if (href !== '' && !href.startsWith('#') && isShown) out.push(style.link(href));
          link = undefined;
        }
        if (heading?.name === name) {
          const text = out.splice(heading.start).join('');
          if (text !== '') out.push(style.heading(text, Number(name[1])));
          heading = undefined;
        }
        if (name === 'ul' || name === 'ol') lists.pop();
        const block = blockOf(name);
        if (block) breakLine(block[1]);
      },
    },
    { decodeEntities: true },
  );
  parser.write(cutHtml(html, most));
  parser.end();
  const text = out.join('');
  return style.wrap ? text.split('\n').map(wrapLine).join('\n') : text;
}
