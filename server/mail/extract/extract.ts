// What a test wants of a mail: its links, the code in it, and how to unsubscribe. All guesses, all bounded.
import type { Code, HeaderField, Link, Unsubscribe } from '../../../shared/message.ts';
import { findCodes } from './codes.ts';
import { readHtml } from './html-content.ts';
import { collectLinks, maxLinks } from './links.ts';
import { readUnsubscribe } from './unsubscribe.ts';

export function extract({
  subject,
  text,
  html,
  headers,
}: {
  subject: string;
  text: string | null;
  html: string | null;
  headers: HeaderField[];
}): { links: Link[]; codes: Code[]; unsubscribe: Unsubscribe | null } {
  const content = html === null ? { links: [], text: '', unlinked: '' } : readHtml(html, maxLinks);
  return {
    links: collectLinks(content, text),
    codes: findCodes([subject, text ?? '', content.text]),
    unsubscribe: readUnsubscribe(headers),
  };
}
