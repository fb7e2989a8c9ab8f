// The addresses of a list as people and programs write it (RFC 5322 §3.4), in one pass: `Ann <ann@x>, bob@x (Bob)`.

const maxLocalPart = 1000;

/** The index just past what opens at `start`; comments nest. */
function closingOf(text: string, start: number): number {
  const isComment = text.charAt(start) === '(';
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at++;
    else if (isComment && char === '(') depth++;
    else if (isComment ? char === ')' && --depth === 0 : char === '"' && at > start) return at + 1;
  }
  return text.length;
}

/** Bare addresses, groups as their members; what is empty is left out. `domain` completes those without one. */
export function readAddressList(text: string, domain: string): string[] {
  const found: string[] = [];
  let bare = '';
  let angle: string | null = null;
  let isOpen = false;
  const add = (part: string): void => {
    if (isOpen) angle += part;
    else bare += part;
  };
  const end = (): void => {
    // `@relay:ann@x` names ann@x (RFC 5322 §4.4).
    const spec = (angle ?? bare).trim().replace(/^@[^:]*:/, '');
    // Unquoted words before the address are a name: `Ann ann@x`.
    const address = spec.startsWith('"') ? spec : (spec.split(/\s+/).findLast((word) => word !== '') ?? '');
    if (address !== '') found.push(address.includes('@') ? address : `${address}@${domain}`);
    [bare, angle, isOpen] = ['', null, false];
  };
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at);
    if (char === '(' || char === '"') {
      const close = closingOf(text, at);
      if (char === '"' && close - at <= maxLocalPart) add(text.slice(at, close));
      at = close;
      continue;
    }
    if (char === '<' && angle === null) [angle, isOpen] = ['', true];
    else if (char === '>') isOpen = false;
    else if ((char === ',' || char === ';') && !isOpen) end();
    else if (char === ':' && !isOpen && !bare.includes('@')) bare = '';
    else if (char !== '\r' && char !== '\n') add(char);
    at++;
  }
  end();
  return [...new Set(found)];
}
