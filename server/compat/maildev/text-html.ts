// The HTML that version 3 makes of a text that stands beside HTML.

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '`': '&grave;',
};

/** Version 3 has names for letters beyond ASCII, too. */
const escapeHtml = (text: string): string => text.replace(/[&<>"'`]/g, (letter) => entities[letter]!);

const count = (text: string, letter: string): number => text.split(letter).length - 1;

/** As it writes names, addresses and subjects: by number. */
export const escapeByNumber = (text: string): string =>
  text.replace(
    /["&'<>`]|[^\0-\x7f]/gu,
    (letter) => `&#x${letter.codePointAt(0)!.toString(16).toUpperCase()};`,
  );

const mostBehind = 20;

/** Punctuation behind an address belongs to the sentence, a bracket if it was not opened in the address. */
function endOf(address: string): number {
  let end = address.length;
  for (const least = Math.max(0, end - mostBehind); end > least; end--) {
    const last = address[end - 1]!;
    const opened = { ')': '(', ']': '[', '}': '{', '"': '"', "'": "'" }[last];
    if (opened === undefined && !/[.,:;!?]/.test(last)) break;
    if (opened === undefined) continue;
    const rest = address.slice(0, end);
    if (opened === last ? count(rest, last) % 2 === 0 : count(rest, last) <= count(rest, opened)) break;
  }
  return end;
}

function withLinks(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (const found of text.matchAll(/\bhttps?:\/\/[^\s<>]{1,1000}/gi)) {
    const address = found[0].slice(0, endOf(found[0]));
    const href = address.replaceAll('"', '&quot;');
    pieces.push(escapeHtml(text.slice(from, found.index)), `<a href="${href}">${escapeHtml(address)}</a>`);
    from = found.index + address.length;
  }
  return pieces.join('') + escapeHtml(text.slice(from));
}

export function textAsHtml(text: string): string {
  const lines = withLinks(text)
    .split('\n')
    .map((line) => line.trimEnd());
  const content = lines.join('\n').trim().replace(/\n\n+/g, '</p><p>').replace(/\n/g, '<br/>');
  return `<p>${content}</p>`;
}
