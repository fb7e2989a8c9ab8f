// The JSON of a file that a person wrote: editors and shells of Windows put a byte order mark before it, or write UTF-16.

function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError('it is not written in UTF-8', { cause });
  }
}

/** Throws SyntaxError. */
export const parseJsonFile = (bytes: Uint8Array): unknown => JSON.parse(textOf(bytes));
