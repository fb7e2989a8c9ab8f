// What Mailpit looks for in an HTML body, by the names of caniemail.com (internal/htmlcheck/config.go of
// axllent/mailpit). Some of it can never be found, as there; it counts as tested.
import type { StyledHtml } from '../parts.ts';

type Element = StyledHtml['elements'][number];

const named = (names: string): ((element: Element) => boolean) => {
  const set = new Set(names.split(' '));
  return ({ name }) => set.has(name);
};
const having =
  (attribute: string): ((element: Element) => boolean) =>
  ({ attributes }) =>
    attributes[attribute] !== undefined;
const typed =
  (type: string, of?: string): ((element: Element) => boolean) =>
  ({ name, attributes }) =>
    attributes.type === type && (of === undefined || name === of);

export const elementTests: Record<string, (element: Element) => boolean> = {
  ...Object.fromEntries(
    'link hr dialog picture svg progress meter audio form base video select textarea style'
      .split(' ')
      .map((name) => [`html-${name}`, named(name)]),
  ),
  'html-object': named('object embed image pdf'),
  'html-srcset': having('srcset'),
  'html-required': having('required'),
  'html-input-submit': named('submit'),
  'html-button-reset': typed('reset', 'button'),
  'html-button-submit': (element) => element.name === 'submit' || typed('submit', 'button')(element),
  'html-input-checkbox': named('checkbox'),
  'html-input-hidden': typed('hidden'),
  'html-input-radio': named('radio'),
  'html-input-text': typed('text', 'input'),
  'html-semantics': named(
    'article aside details figcaption figure footer header main mark nav section summary time',
  ),
  'html-anchor-links': ({ name, attributes }) => name === 'a' && attributes.href?.startsWith('#') === true,
  'html-image-maps': ({ name, attributes }) =>
    name === 'map' || (name === 'img' && attributes.usemap !== undefined),
};

/** By the address of an image. */
export const imageTests: Record<string, RegExp> = {
  ...Object.fromEntries(
    'apng avif bmp gif hdr heif ico mp4 ppm svg webp'
      .split(' ')
      .map((name) => [`image-${name}`, new RegExp(`\\.${name}$`, 'i')]),
  ),
  'image-base64': /^data:image\//i,
  'image-tiff': /\.tiff?$/i,
};

/** Attributes that say what a property of that name says. */
export const attributeTests: Record<string, string> = {
  'css-background-color': 'bgcolor',
  ...Object.fromEntries(
    'background border height padding width'.split(' ').map((name) => [`css-${name}`, name]),
  ),
};

/** Properties, each by its own name. */
const properties = [
  'accent-color align-items aspect-ratio background background-blend-mode background-clip background-color',
  'background-image background-origin background-position background-repeat background-size block-inline-size',
  'border border-image border-radius box-shadow box-sizing caption-side clip-path column-count',
  'column-layout-properties conic-gradient direction display filter flex-direction flex-wrap float font',
  'font-kerning font-weight gap grid-template height hyphens inline-size intrinsic-size justify-content',
  'letter-spacing line-height list-style list-style-image list-style-position margin margin-inline',
  'margin-inline-block max-block-size max-height max-width min-height min-inline-size min-width',
  'mix-blend-mode modern-color object-fit object-position opacity outline outline-offset overflow',
  'overflow-wrap padding padding-inline-block position radial-gradient tab-size table-layout text-align',
  'text-align-last text-decoration text-decoration-color text-decoration-thickness text-emphasis',
  'text-emphasis-position text-indent text-overflow text-shadow text-transform text-underline-offset',
  'transform variables visibility white-space width word-break writing-mode z-index',
].flatMap((line) => line.split(' '));

export const propertyTests: ReadonlyMap<string, string> = new Map([
  ...properties.map((name) => [name, `css-${name}`] as const),
  ['border-inline', 'css-border-inline-block-individual'],
  ['roll-snap', 'css-scroll-snap'],
  ...['margin-block', 'margin-inline', 'padding-block', 'padding-inline'].flatMap((name) =>
    ['start', 'end'].map((side) => [`${name}-${side}`, `css-${name}-start-end`] as const),
  ),
]);

/** In the text of a style attribute, once for each. */
export const styleTests: Record<string, RegExp> = {
  'css-display-flex': /(?:^|[\s;])display\s*:\s*flex(?:$|[\s;])/i,
  'css-display-grid': /(?:^|[\s;])display:grid/i,
  'css-display-none': /(?:^|[\s;])display:none/i,
  'css-important': /!important(?:$|[\s;])/i,
  'css-rgb': /[\s:]rgb\(/i,
  'css-rgba': /[\s:]rgba\(/i,
  'css-unit-calc': /[\s:]calc\(/i,
};

/** In the texts of all style attributes, as often as they stand there. */
export const unitTests: Record<string, RegExp> = {
  ...Object.fromEntries(
    'ch rem vh vmax vmin vw'
      .split(' ')
      .map((unit) => [`css-unit-${unit}`, new RegExp(`\\b\\d+${unit}\\b`, 'g')]),
  ),
  'css-unit-initial': /:\s?initial\b/g,
};

/** In style sheets, as often as they stand there. */
export const sheetTests: Record<string, RegExp> = {
  'css-at-font-face': /@font-face\s+?\{/gi,
  'css-at-import': /@import\s/gi,
  'css-at-keyframes': /@keyframes\s/gi,
  'css-at-media': /@media\s?\(/gi,
  'css-at-supports': /@supports\s?\(/gi,
  ...Object.fromEntries(
    'active checked first-child first-of-type focus has hover last-child last-of-type link target visited'
      .split(' ')
      .map((name) => [`css-pseudo-class-${name}`, new RegExp(`:${name}`, 'g')]),
  ),
  'css-pseudo-class-lang': /:lang\s?\(/g,
  ...Object.fromEntries(
    'not nth-child nth-last-child nth-last-of-type nth-of-type only-child only-of-type'
      .split(' ')
      .map((name) => [`css-pseudo-class-${name}`, new RegExp(`:${name}\\s*\\(`, 'g')]),
  ),
  'css-pseudo-element-after': /:after/g,
  'css-pseudo-element-before': /:before/g,
  ...Object.fromEntries(
    'first-letter first-line marker placeholder'
      .split(' ')
      .map((name) => [`css-pseudo-element-${name}`, new RegExp(`::${name}`, 'g')]),
  ),
};
