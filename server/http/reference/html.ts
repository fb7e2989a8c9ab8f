// HTML from text: everything that goes into the page comes through here.
import { escapeHtml } from '../../../shared/escape-html.ts';

/** Escaped, with `code` between backticks; each line is one of its own. */
export const proseHtml = (text: string): string =>
  escapeHtml(text)
    .replace(/`([^`\n]+)`/g, '<code>$1</code>')
    .replace(/\n/g, '<br>');

export const jsonHtml = (value: unknown): string => escapeHtml(JSON.stringify(value, null, 2));

/** As prose, with the schema of the details linked. */
export const errorHtml = (text: string): string =>
  proseHtml(text).replaceAll('WaitFailure', '<a href="#schema-WaitFailure">WaitFailure</a>');
