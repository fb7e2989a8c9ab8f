// List-Unsubscribe (RFC 2369) and List-Unsubscribe-Post (RFC 8058).
import type { HeaderField, Unsubscribe } from '../../../shared/message.ts';

const maxValue = 16 * 1024;
const maxUris = 20;

const valueOf = (headers: HeaderField[], name: string): string | undefined =>
  headers.find((field) => field.name.toLowerCase() === name)?.value.slice(0, maxValue);

/** The URIs in angle brackets; what stands outside of them is comment (RFC 2369 §2). */
function bracketed(value: string): string[] {
  const uris: string[] = [];
  for (let at = value.indexOf('<'); at >= 0 && uris.length < maxUris; at = value.indexOf('<', at)) {
    const end = value.indexOf('>', at);
    if (end < 0) break;
    // White space within the brackets comes from folding and is to be dropped.
    uris.push(value.slice(at + 1, end).replace(/\s/g, ''));
    at = end;
  }
  return uris.filter((uri) => uri !== '');
}

export function readUnsubscribe(headers: HeaderField[]): Unsubscribe | null {
  const value = valueOf(headers, 'list-unsubscribe');
  if (value === undefined) return null;
  const uris = bracketed(value);
  const urls = uris.filter((uri) => /^https?:/i.test(uri));
  const mailto = uris.filter((uri) => /^mailto:/i.test(uri));
  const post = valueOf(headers, 'list-unsubscribe-post');
  const asksForOneClick = /^\s*list-unsubscribe\s*=\s*one-click\s*$/i.test(post ?? '');
  const hasHttps = urls.some((url) => /^https:/i.test(url));
  const problems: string[] = [];
  if (uris.length === 0) problems.push('List-Unsubscribe has no address in angle brackets (RFC 2369).');
  else if (urls.length + mailto.length === 0)
    problems.push('List-Unsubscribe has neither an https: nor a mailto: address.');
  if (post !== undefined && !asksForOneClick)
    problems.push('List-Unsubscribe-Post is not "List-Unsubscribe=One-Click" (RFC 8058).');
  if (asksForOneClick && !hasHttps)
    problems.push('One-click needs an https: address in List-Unsubscribe (RFC 8058).');
  return { urls, mailto, oneClick: asksForOneClick && hasHttps, problem: problems.join(' ') || null };
}
