// Text and HTML of a message as each version of maildev joins them of its parts.
import type { Message, Part } from '../../../shared/message.ts';
import type { OpenMessage } from '../part-text.ts';
import type { CompatParts } from '../parts.ts';
import { headingOf } from './embedded.ts';
import { insertHtml, joinHtml, openPage, pageHtml, type Page } from './join-html.ts';
import { isShown, partsOf } from './parts-of.ts';
import { textAsHtml } from './text-html.ts';

/** The product keeps no more of the HTML of a message: parts behind it are left out. */
const mostHtml = 5 * 1024 * 1024;

export interface Bodies {
  /** Null: there is none. */
  text: string | null;
  html: string | null;
}

/** Texts stand one behind the other; those for which there is no HTML are at the end of the HTML, too. */
export async function bodiesV2(message: Message, open: OpenMessage): Promise<Bodies & { calendars: Part[] }> {
  const { body } = partsOf(message.structure, 2);
  const texts: string[] = [];
  const pages: { html: string; level: number; page?: Page }[] = [];
  let left = mostHtml;
  for (const { part, level, within } of body) {
    if (part.contentType === 'text/plain') texts.push(await open.text(part));
    if (part.contentType !== 'text/html' || left <= 0) continue;
    const html = await open.text(part);
    left -= html.length;
    const before = within === 'mixed' ? pages.find((each) => each.level === level) : undefined;
    if (before) insertHtml((before.page ??= openPage(before.html)), html);
    else pages.push({ html, level });
  }
  const joined = joinHtml(pages.map(({ html, page }) => (page ? pageHtml(page) : html)));
  return {
    text: texts.length === 0 ? null : texts.join(''),
    html: pages.length === 0 ? null : joined + texts.slice(pages.length).join(''),
    calendars: body.map(({ part }) => part).filter(({ contentType }) => contentType === 'text/calendar'),
  };
}

/**
 * Each text is HTML too, and HTML is a text too, where the other is not its alternative. `enough`: of so many characters
 * the rest is not wanted.
 */
export async function bodiesV3(
  parts: CompatParts,
  message: Message,
  open: OpenMessage,
  enough = mostHtml,
): Promise<Bodies> {
  const { body } = partsOf(message.structure, 3);
  const isHtml = ({ contentType }: Part): boolean => contentType === 'text/html';
  const hasHtml = body.some(({ part }) => isShown(part) && isHtml(part));
  const hasText = body.some(({ part }) => isShown(part) && !isHtml(part));
  const texts: string[] = [];
  const pages: string[] = [];
  let left = enough;
  for (const { part, embedded, isAlternative } of body) {
    if (left <= 0) break;
    if (embedded) {
      const heading = headingOf(parts, await open.header(part), message.receivedAt);
      if (hasText) texts.push(heading.text);
      if (hasHtml) pages.push(heading.html);
    }
    if (!isShown(part)) continue;
    // To its parser the line ending before a delimiter is all of an empty part.
    const content = (await open.text(part)) || (part === message.structure ? '' : '\n');
    if (content === '') continue;
    left -= content.length;
    if (isHtml(part)) {
      const isAlone = part === message.structure;
      if (isAlone || (hasText && !isAlternative)) texts.push(parts.htmlAsText(content, 'maildev'));
      pages.push(content);
    } else {
      texts.push(content);
      if (hasHtml && !isAlternative) pages.push(textAsHtml(content));
    }
  }
  return {
    text: texts.length === 0 ? null : texts.join('\n'),
    html: pages.length === 0 ? null : pages.join('<br/>\n'),
  };
}
