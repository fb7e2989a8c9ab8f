// Writes what the style sheets of an HTML body say into the style attributes of its elements, as programs do before a
// mail is sent (and as Mailpit's check has it done, by go-premailer). Only so much of the HTML is looked at; the
// caller sets a limit to the time.
import { compile } from 'css-select';
import { parseDocument } from 'htmlparser2';
import type { ChildNode, Declaration, Root } from 'postcss';
import parseCss from 'postcss-safe-parser';
import { cutHtml } from './cut-html.ts';

const limits = { length: 1024 * 1024, tags: 40_000 };
/** Sheets are short, and what they say may go to each of many elements: so many rules, and characters, in all. */
const [mostMatches, mostStyles] = [1_000_000, 16 * 1024 * 1024];

/** What depends on more than the element, and what go-premailer leaves in the sheet. */
const left =
  /:{1,2}(?:visited|active|hover|focus|link|root|in-range|invalid|valid|after|before|selection|target|first-(?:line|letter))|:(?:checked|disabled|enabled|lang)|\*/i;

type AnyNode = ReturnType<typeof parseDocument>['children'][number];
type StyledElement = Extract<AnyNode, { attribs: unknown }>;

interface Rule {
  selector: string;
  isImportant: boolean;
  declarations: Declaration[];
  /** The greater go over the smaller, place by place. */
  weight: number[];
}

function parse(css: string): ChildNode[] {
  try {
    return (parseCss(css) as Root).nodes;
  } catch {
    return [];
  }
}

const isDeclaration = (node: ChildNode): node is Declaration => node.type === 'decl';

function elementsOf(nodes: AnyNode[]): StyledElement[] {
  const found: StyledElement[] = [];
  const open = nodes.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ('attribs' in node) found.push(node);
    if ('children' in node) for (const child of node.children.toReversed()) open.push(child);
  }
  return found;
}

const textIn = ({ children }: StyledElement): string =>
  children.map((child) => ('data' in child ? child.data : '')).join('');

const times = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

function rulesOf(sheets: string[]): Rule[] {
  const rules: Rule[] = [];
  for (const [sheet, css] of sheets.entries())
    for (const node of parse(css)) {
      if (node.type !== 'rule') continue;
      const declarations = node.nodes.filter(isDeclaration);
      for (const selector of node.selector.split(',').map((text) => text.trim())) {
        if (left.test(selector)) continue;
        for (const isImportant of [false, true]) {
          const own = declarations.filter(({ important }) => (important ?? false) === isImportant);
          if (own.length === 0) continue;
          const parts = [/#/g, /\./g, /\[/g, /(?:^|\s)\w/g].map((what) => times(selector, what));
          const weight = [Number(isImportant), ...parts, sheet];
          rules.push({ selector, isImportant, declarations: own, weight });
        }
      }
    }
  // The sort keeps the order of those that weigh the same.
  return rules.sort((a, b) => {
    const at = a.weight.findIndex((value, n) => value !== b.weight[n]);
    return at < 0 ? 0 : a.weight[at]! - b.weight[at]!;
  });
}

/** By `#id`, `.class` and tag name: a sheet has hundreds of rules, and most are about few elements. */
function indexOf(elements: StyledElement[]): Map<string, StyledElement[]> {
  const index = new Map<string, StyledElement[]>();
  for (const element of elements) {
    const { id = '', class: classes = '' } = element.attribs;
    const keys = [element.name, `#${id}`, ...classes.split(/\s+/).map((name) => `.${name}`)];
    for (const key of new Set(keys)) {
      const found = index.get(key);
      if (found) found.push(element);
      else index.set(key, [element]);
    }
  }
  return index;
}

const longestIndexed = 500;

/** What an element must have in any case to be selected; null: nothing that the index knows. */
function keyOf(selector: string): string | null {
  if (selector.length > longestIndexed || /[\\|]/.test(selector)) return null;
  const bare = selector.replace(/\[[^\]]{0,500}\]|\([^)]{0,500}\)/g, '');
  const last = bare.split(/[\s>+~]/).at(-1) ?? '';
  return /[#.][\w-]+/.exec(last)?.[0] ?? /^[a-z][\w-]*/i.exec(last)?.[0].toLowerCase() ?? null;
}

function find(
  selector: string,
  elements: StyledElement[],
  index: Map<string, StyledElement[]>,
): StyledElement[] {
  try {
    const key = keyOf(selector);
    return (key === null ? elements : (index.get(key) ?? [])).filter(
      compile<AnyNode, StyledElement>(selector),
    );
  } catch {
    // It is none, or one that a deep document is too deep for.
    return [];
  }
}

function applyTo({ attribs }: StyledElement, rules: Rule[], ownOf: (style: string) => Declaration[]): number {
  const styles = new Map<string, string>();
  const set = (prop: string, value: string): void => {
    // At the place of the last that says it.
    styles.delete(prop);
    styles.set(prop, value);
  };
  for (const { declarations, isImportant } of rules)
    for (const { prop, value } of declarations) set(prop, isImportant ? `${value} !important` : value);
  for (const { prop, value } of ownOf(attribs.style ?? '')) set(prop, value);
  for (const name of ['width', 'height']) {
    const size = (styles.get(name) ?? '').replace(' !important', '');
    if (size === '0' || size.endsWith('px')) attribs[name] = size.replace(/px$/, '');
  }
  attribs.style = [...styles].map(([prop, value]) => `${prop}:${value}`).join(';');
  return attribs.style.length;
}

export interface StyledHtml {
  elements: { name: string; attributes: Record<string, string> }[];
  sheets: string;
}

/** Undefined where the sheets say more than can be written. */
export function styleHtml(html: string): StyledHtml | undefined {
  const { children } = parseDocument(cutHtml(html, limits));
  const elements = elementsOf(children);
  const sheets = elements.filter(({ name }) => name === 'style');
  const merged = sheets.filter(
    ({ attribs: { media = 'all', 'data-premailer': premailer } }) =>
      media === 'all' && premailer !== 'ignore',
  );
  const index = indexOf(elements);
  const found = new Map<StyledElement, Rule[]>();
  let matches = 0;
  for (const rule of rulesOf(merged.map(textIn))) {
    const met = find(rule.selector, elements, index);
    matches += met.length;
    if (matches > mostMatches) return undefined;
    for (const element of met) {
      const rules = found.get(element);
      if (rules) rules.push(rule);
      else found.set(element, [rule]);
    }
  }
  // Most elements have the style of another.
  const own = new Map<string, Declaration[]>();
  const ownOf = (style: string): Declaration[] => {
    const known = own.get(style) ?? parse(style).filter(isDeclaration);
    own.set(style, known);
    return known;
  };
  let length = 0;
  for (const [element, rules] of found) {
    length += applyTo(element, rules, ownOf);
    if (length > mostStyles) return undefined;
  }
  return {
    elements: elements.map(({ name, attribs }) => ({ name, attributes: attribs })),
    sheets: sheets.map(textIn).join(''),
  };
}
