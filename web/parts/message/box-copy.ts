// The boxes of a mail, to be measured: its elements, text and what its styles say of sizes. Nothing is copied that
// could load or run: elements and attributes of lists, and declarations that know no address.
const elements = new Set(
  (
    'a abbr address article aside b big blockquote br button caption center cite code col colgroup dd del div dl dt em ' +
    'figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main nav nobr ol p pre s section small span ' +
    'strike strong sub sup table tbody td tfoot th thead tr tt u ul'
  ).split(' '),
);
const unseen = 'head, script, style, template, noscript, title, svg, math, video, audio, object, iframe';
const attributes =
  'align border cellpadding cellspacing colspan dir face height hidden lang nowrap rowspan size span width'.split(
    ' ',
  );
const measures =
  /^(?:display|float|clear|position|left|right|box-sizing|table-layout|white-space.*|word-.*|overflow.*|letter-spacing|line-height|text-(?:indent|transform|wrap.*)|border-(?:spacing|collapse|.*-(?:width|style))|(?:(?:min|max)-)?(?:width|height)|(?:padding|margin|font|flex)-.*|grid-(?:template|auto)-.*|(?:column-)?gap)$/;

function copyDeclarations(from: CSSStyleDeclaration, to: CSSStyleDeclaration): void {
  for (const name of from)
    if (measures.test(name))
      to.setProperty(name, from.getPropertyValue(name), from.getPropertyPriority(name));
}

/** A picture is not loaded; a drawing of nothing takes room in the same way. */
const forDrawing = (selector: string): string => selector.replace(/(^|[\s>+~,(])img(?![\w-])/gi, '$1svg');

function copyRules(rules: CSSRuleList, scratch: CSSStyleDeclaration): string {
  let copied = '';
  for (const rule of rules) {
    if (rule instanceof CSSStyleRule) {
      scratch.cssText = '';
      copyDeclarations(rule.style, scratch);
      copied += `${forDrawing(rule.selectorText)}{${scratch.cssText}}`;
    } else if (rule instanceof CSSMediaRule || rule instanceof CSSSupportsRule)
      copied += `@${rule instanceof CSSMediaRule ? 'media' : 'supports'} ${rule.conditionText}{${copyRules(rule.cssRules, scratch)}}`;
  }
  return copied;
}

function copySheet(style: HTMLStyleElement, scratch: CSSStyleDeclaration): string {
  // Of no document: it is parsed, and loads nothing.
  const sheet = new CSSStyleSheet({ media: style.media });
  sheet.replaceSync(style.textContent);
  const copied = copyRules(sheet.cssRules, scratch);
  return style.media === '' ? copied : `@media ${sheet.media.mediaText}{${copied}}`;
}

function copyAttributes(names: string[], from: Element, to: Element): void {
  for (const name of names) {
    const value = from.getAttribute(name);
    if (value !== null) to.setAttribute(name, value);
  }
}

function copyPicture(image: Element, into: Document): Element {
  const drawing = into.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const side of ['width', 'height'])
    drawing.setAttribute(side, /^\s*\d+(?:\.\d+)?%?/.exec(image.getAttribute(side) ?? '')?.[0] ?? '16');
  return drawing;
}

function copyElement(from: Element, into: Document): Element {
  if (from.localName === 'img') return copyPicture(from, into);
  const copy = into.createElement(elements.has(from.localName) ? from.localName : 'span');
  copyAttributes(attributes, from, copy);
  return copy;
}

function copyStyle(from: Element, to: Element): void {
  copyAttributes(['class', 'id'], from, to);
  if (from instanceof HTMLElement) copyDeclarations(from.style, (to as HTMLElement | SVGElement).style);
}

function copyNodes(from: Element, to: Element, into: Document): void {
  copyStyle(from, to);
  for (const node of from.childNodes)
    if (node instanceof Text) to.append(node.data);
    else if (node instanceof Element && !node.matches(unseen)) {
      const copy = copyElement(node, into);
      to.append(copy);
      copyNodes(node, copy, into);
    }
}

/** Into an empty document of this page. */
export function copyBoxes(mail: Document, into: Document): void {
  const style = into.createElement('style');
  const scratch = into.createElement('span').style;
  style.textContent = [...mail.querySelectorAll('style')]
    .map((sheet) => copySheet(sheet, scratch))
    .join('\n');
  into.head.append(style);
  copyStyle(mail.documentElement, into.documentElement);
  copyNodes(mail.body, into.body, into);
}
