// A mail as a light or a dark reader shows it, whatever the reader's own system is. A browser has no way to tell a
// frame of another origin, so the answer is written in where the mail asks.
/** Two that are light: `inverted`, for a frame that is turned dark as a whole, and `paper`. */
export type ColorScheme = 'light' | 'dark' | 'inverted' | 'paper';
/** Which pictures the policy lets in. Of the others there are only words. */
export type Pictures = 'all' | 'inline' | 'none';

/** What is always true, and what never is, as a media feature: `not` and `and` around it go on meaning what they do. */
const holds = '(min-width:0px)';
const fails = '(max-width:0px)';

const question = /\(\s{0,20}prefers-color-scheme\s{0,20}(?::\s{0,20}(light|dark|no-preference)\s{0,20})?\)/gi;
/** `color-scheme: light dark` of CSS; the look-behind leaves media features alone. */
const declaration = /(?<![\w-])color-scheme\s{0,20}:\s{0,20}((?:light|dark|only|\s){1,12})(?=[;}"'!<]|$)/gi;
const meta = /<meta\b[^<>]{0,300}>/gi;
/** Turned once more, pictures keep their colours, as in the programs that do so. */
const turnedBack: Record<Pictures, string> = {
  all: '<style>img,video{filter:invert(1) hue-rotate(180deg)}</style>',
  inline:
    '<style>img:not([src^="http:" i],[src^="https:" i],[src^="//"]){filter:invert(1) hue-rotate(180deg)}</style>',
  none: '',
};
// White words on a button are nothing without its colour.
const onPaper = '<style>*{-webkit-print-color-adjust:exact;print-color-adjust:exact}</style>';

/**
 * The same HTML, for one scheme. A mail that does not say that it can be dark stays light, as it does in mail programs
 * that change no colours by themselves.
 */
export function forScheme(html: string, wanted: ColorScheme, pictures: Pictures = 'all'): string {
  const scheme = wanted === 'dark' ? 'dark' : 'light';
  const answered = html
    .replace(question, (_, asked: string | undefined) =>
      asked === undefined || asked.toLowerCase() === scheme ? holds : fails,
    )
    .replace(declaration, (whole, schemes: string) =>
      new RegExp(`\\b${scheme}\\b`, 'i').test(schemes) ? `color-scheme:only ${scheme}` : whole,
    );
  const said = answered.replace(meta, (whole) =>
    /\bcolor-scheme\b/i.test(whole) && new RegExp(`\\b${scheme}\\b`, 'i').test(whole)
      ? `<meta name="color-scheme" content="only ${scheme}">`
      : whole,
  );
  if (wanted === 'inverted') return said + turnedBack[pictures];
  return wanted === 'paper' ? said + onPaper : said;
}
