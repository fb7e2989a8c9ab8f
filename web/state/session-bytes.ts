// The first bytes of a line out of an answer that may be very long: it is read only as far as it is needed.
export interface FirstBytes {
  bytes: Uint8Array;
  isCut: boolean;
}

const opening = '"base64":"';

function decode(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * The first `base64` of a JSON answer, decoded, at most `limit` bytes of it; null where the answer has none. In JSON a
 * quote inside a string has a backslash before it, so that the name cannot be mistaken, and base64 has no escapes.
 */
export async function readFirstBytes(
  body: ReadableStream<Uint8Array>,
  limit: number,
): Promise<FirstBytes | null> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  // Four letters are three bytes.
  const most = Math.ceil(limit / 3) * 4;
  let text = '';
  let start = -1;
  for (;;) {
    const { value, done } = await reader.read();
    text += done ? decoder.decode() : decoder.decode(value, { stream: true });
    if (start === -1) {
      const found = text.indexOf(opening);
      if (found !== -1) start = found + opening.length;
    }
    const end = start === -1 ? -1 : text.indexOf('"', start);
    if (end !== -1 && end - start <= most) {
      await reader.cancel();
      return { bytes: decode(text.slice(start, end)), isCut: false };
    }
    if (start !== -1 && text.length - start > most) {
      await reader.cancel();
      return { bytes: decode(text.slice(start, start + most)), isCut: true };
    }
    if (done) return null;
  }
}
