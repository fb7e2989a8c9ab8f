// How wide a mail wants to be whatever the screen, so that a narrow one shows it smaller, as phones do. Its document
// tells nobody (it has no origin), so it is read from what the mail says of its boxes: parsed, not drawn.
const maxHtml = 1_000_000;
const [least, most] = [320, 1200];
/** The margin that a browser gives a body. */
const margins = 16;

const pixels = (text: string): number => Number(/^\s*(\d{1,5}(?:\.\d+)?)(?:px)?\s*$/.exec(text)?.[1] ?? 0);

/** Styles go before attributes, and `max-width: 100%` before both. */
function widthOf(element: Element): number {
  const style = readWidths(element.getAttribute('style') ?? '');
  if (style.isFluid) return 0;
  return Math.max(style.least, style.width ?? pixels(element.getAttribute('width') ?? ''));
}

interface Widths {
  /** Null where nothing is said. */
  width: number | null;
  least: number;
  isFluid: boolean;
}

function readWidths(declarations: string): Widths {
  const found: Widths = { width: null, least: 0, isFluid: false };
  for (const [, name = '', value = ''] of declarations.matchAll(
    /(?:^|[;{\s])((?:min-|max-)?width)\s*:\s*([^;}]{0,100})/gi,
  )) {
    const given = pixels(value.replace(/\s*!important\s*$/i, ''));
    if (/^width$/i.test(name)) found.width = given;
    else if (/^min/i.test(name)) found.least = given;
    else if (value.includes('%')) found.isFluid = true;
  }
  return found;
}

/** Null for a mail that fits itself to the screen, or says nothing. */
export function findFixedWidth(html: string): number | null {
  if (html.length > maxHtml) return null;
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const css = [...parsed.querySelectorAll('style')].map((style) => style.textContent).join('\n');
  // It has styles for narrow screens.
  if (/@media[^{}]{0,300}\bmax-(?:device-)?width/i.test(css)) return null;
  let width = 0;
  for (const element of parsed.querySelectorAll('[width], [style]'))
    width = Math.max(width, widthOf(element));
  for (const rule of css.split('}')) {
    const { width: given, least: smallest, isFluid } = readWidths(rule);
    if (!isFluid) width = Math.max(width, given ?? 0, smallest);
  }
  return width < least ? null : Math.min(most, width + margins);
}
