// Elements of an HTML body by a CSS selector. Both come from others: only so much of the HTML is looked at, and the
// caller sets a limit to the time.
import { selectAll } from 'css-select';
import { parseDocument } from 'htmlparser2';
import { MailscopeError } from '../../shared/errors.ts';
import { cutHtml } from './cut-html.ts';

const maxHtml = 1024 * 1024;
const maxTags = 40_000;
const maxElements = 1000;
const maxText = 4000;

type AnyNode = ReturnType<typeof parseDocument>['children'][number];
type Element = Extract<AnyNode, { attribs: unknown }>;

/** Without recursion: hostile HTML is nested deeper than the stack. */
function textOf(element: Element): string {
  const pieces: string[] = [];
  const open: AnyNode[] = [element];
  for (let length = 0; open.length > 0 && length < 4 * maxText;) {
    const node = open.pop()!;
    if (node.type === 'text') {
      pieces.push(node.data);
      length += node.data.length + 1;
    } else if ('children' in node) {
      if ('name' in node && /^(?:br|p|div|td|th|li|tr|h\d)$/.test(node.name)) pieces.push(' ');
      for (let n = node.children.length - 1; n >= 0; n--) open.push(node.children[n]!);
    }
  }
  return pieces.join('').replace(/\s+/g, ' ').trim().slice(0, maxText);
}

export interface SelectedHtml {
  /** The first 1,000, in the order of the document. */
  elements: { name: string; attributes: Record<string, string>; text: string }[];
  /** There was more HTML than is looked at, or more elements than are given. */
  truncated: boolean;
}

/** Throws MailscopeError `invalid_request` for what is no selector. */
export function selectHtml(html: string, selector: string): SelectedHtml {
  const source = cutHtml(html, { length: maxHtml, tags: maxTags });
  const document = parseDocument(source);
  let found: Element[];
  try {
    if (selector.trim() === '') throw new Error('it is empty');
    found = selectAll<AnyNode, Element>(selector, document);
  } catch (cause) {
    throw new MailscopeError(
      'invalid_request',
      `${JSON.stringify(selector)} is no CSS selector that can be used: ${(cause as Error).message}`,
      { hint: 'For example a.button[href^="https:"] or table > tr:first-child.', cause },
    );
  }
  return {
    elements: found.slice(0, maxElements).map((element) => ({
      name: element.name,
      attributes: { ...element.attribs },
      text: textOf(element),
    })),
    truncated: source.length < html.length || found.length > maxElements,
  };
}
