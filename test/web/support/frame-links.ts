// Links that would open in the frame of a mail instead of a window of their own, by what stands around them.
export interface Trick {
  /** Also the id of what is clicked. */
  name: string;
  html: string;
  /** Does nothing in today's Chromium, on an unguarded page either. */
  isIdle?: true;
}

const svg = (inner: string): string => `<svg width="300" height="40">${inner}</svg>`;
const word = (name: string): string => `<text id="${name}" y="25">${name}</text>`;

/** Each within itself, so that a mail can have them all. */
export function makeTricks(canary: string): Trick[] {
  const tricks: Trick[] = [];
  const add = (name: string, make: (address: string) => string, isIdle?: true): void =>
    void tricks.push({ name, html: make(`${canary}/${name}`), ...(isIdle && { isIdle }) });
  const picture = (name: string, link: string, inner: (address: string) => string, isIdle?: true): void =>
    add(name, (u) => svg(`<a ${link.replace('URL', u)}>${inner(u)}${word(name)}</a>`), isIdle);
  const markup = (name: string, around: (link: string) => string): void =>
    add(name, (u) => around(`<a id="${name}" href="${u}" target="_self">${name}</a>`));

  picture('set-href', 'href="#x"', (u) => `<set attributeName="href" to="${u}"/>`);
  picture('set-unquoted', 'href="#x"', (u) => `<set attributeName=href to=${u} />`);
  picture('set-spaced', 'href="#x"', (u) => `<SET\n x=">"  attributename = ' href ' to="${u}"></SET>`, true);
  picture('set-entity', 'href="#x"', (u) => `<set attributeName="h&#114;ef" to="${u}"/>`);
  picture('set-xlink', 'xlink:href="#x"', (u) => `<set attributeName="href" to="${u}"/>`);
  picture('set-xlink-name', 'xlink:href="#x"', (u) => `<set attributeName="xlink:href" to="${u}"/>`, true);
  picture(
    'animate-href',
    'href="#x"',
    (u) => `<animate attributeName="href" values="${u};${u}" dur="1s" repeatCount="indefinite"/>`,
  );
  picture('set-target', 'href="URL"', () => '<set attributeName="target" to="_self"/>');
  picture('animate-target', 'href="URL"', () => '<animate attributeName="target" values="_self" dur="9s"/>');
  picture(
    'set-both',
    '',
    (u) => `<set attributeName="href" to="${u}"/><set attributeName="target" to="_self"/>`,
  );
  add('set-by-id', (u) =>
    svg(`<a id="by" href="#x">${word('set-by-id')}</a><set href="#by" attributeName="href" to="${u}"/>`),
  );
  add('mathml', (u) => `<math href="${u}"><mtext id="mathml">x</mtext></math>`, true);
  add(
    'mathml-row',
    (u) => `<math><mrow href="${u}" target="_self"><mtext id="mathml-row">x</mtext></mrow></math>`,
    true,
  );
  add('mathml-xlink', (u) => `<math><mi id="mathml-xlink" xlink:href="${u}">x</mi></math>`, true);
  markup('svg-style', (link) => `<svg><style><p>${link}</p></style></svg>`);
  markup('svg-script', (link) => `<svg><script><p>${link}</p></script></svg>`);
  markup('svg-xmp', (link) => `<svg><xmp><p>${link}</p></xmp></svg>`);
  markup('math-style', (link) => `<math><style><p>${link}</p></style></math>`);
  markup('cdata', (link) => `<![CDATA[>${link}]]>`);
  markup('comment', (link) => `<!-->${link}<!-- -->`);
  markup('comment-dash', (link) => `<!--->${link}<!-- -->`);
  markup('comment-bang', (link) => `<!--x--!>${link}<!-- -->`);
  add(
    'hidden-svg',
    (u) => `<![CDATA[><svg width="99" height="40">]]><a href="${u}">${word('hidden-svg')}</a></svg>`,
  );
  return tricks;
}

/** What would keep our <base> from being one; each at the beginning of a mail. */
export const baseTricks: readonly string[] = [
  '<iframe><head></iframe>',
  '<xmp><head></xmp>',
  '<svg><html></svg>',
  '<!---><xmp>--><html><head></xmp>',
  '<math><!doctype html></math><textarea><html></textarea>',
];
