// What an HTML body says, for the search: tags dropped, entities decoded, nothing rendered. Linear in its input.

/** Elements whose content is not shown. */
const silent = /^(?:script|style|title|template|noscript|xml)$/;
/** Elements that do not end a word: `<b>W</b>ord`. */
const inline = /^(?:a|abbr|b|big|code|em|font|i|kbd|mark|s|small|span|strong|sub|sup|tt|u|wbr)$/;
const tagName = /\/?([a-z][a-z0-9]*)/iy;
const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi;

const named: Record<string, string> = {
  ...{
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    shy: '',
    zwnj: '',
    euro: '€',
    hellip: '…',
  },
  ...{ ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', copy: '©', szlig: 'ß' },
  ...{ aelig: 'æ', AElig: 'Æ', oslash: 'ø', Oslash: 'Ø' },
};
/** The search does not tell `ü` from `u`. */
const accented = /^([a-z])(?:uml|acute|grave|circ|tilde|ring|cedil|caron)$/i;

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(entity, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined)
      return (Object.hasOwn(named, name) ? named[name] : accented.exec(name)?.[1]) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}

/** The end of a tag: the first `>` outside of quotes. */
function endOfTag(html: string, start: number): number {
  for (let pos = start; pos < html.length; pos += 1) {
    const character = html[pos];
    if (character === '>') return pos + 1;
    if ((character === '"' || character === "'") && html[pos - 1] === '=') {
      const close = html.indexOf(character, pos + 1);
      if (close < 0) return html.length;
      pos = close;
    }
  }
  return html.length;
}

/** Where the element that was opened ends; all of the rest where it does not. */
function endOfSilent(html: string, name: string, start: number): number {
  const end = new RegExp(`</${name}[\\s>]`, 'ig');
  end.lastIndex = start;
  return end.exec(html)?.index ?? html.length;
}

/** At most `length` characters, from no more than ten times as many of the HTML. */
export function htmlText(source: string, length: number): string {
  const html = source.slice(0, length * 10);
  let out = '';
  let pos = 0;
  while (pos < html.length && out.length < length) {
    const open = html.indexOf('<', pos);
    out += decodeEntities(html.slice(pos, open < 0 ? html.length : open));
    if (open < 0) break;
    if (html.startsWith('<!--', open)) {
      const close = html.indexOf('-->', open + 4);
      pos = close < 0 ? html.length : close + 3;
      continue;
    }
    tagName.lastIndex = open + 1;
    const name = tagName.exec(html)?.[1]?.toLowerCase();
    if (name === undefined && !/[!?/]/.test(html[open + 1] ?? '')) {
      // "1 < 2" is text.
      out += '<';
      pos = open + 1;
      continue;
    }
    pos = endOfTag(html, open + 1);
    if (name === undefined || !inline.test(name)) out += ' ';
    if (name !== undefined && silent.test(name) && html[open + 1] !== '/') pos = endOfSilent(html, name, pos);
  }
  return out.slice(0, length);
}
