// The letters of a domain in its ASCII form (RFC 3492). Runs where there is neither Node nor a browser.

const base = 36;
const tMin = 1;
const tMax = 26;
/** No label has more. */
const mostCharacters = 63;

function adapt(delta: number, points: number, isFirst: boolean): number {
  let left = isFirst ? Math.floor(delta / 700) : delta >> 1;
  left += Math.floor(left / points);
  let k = 0;
  for (; left > ((base - tMin) * tMax) >> 1; k += base) left = Math.floor(left / (base - tMin));
  return k + Math.floor(((base - tMin + 1) * left) / (left + 38));
}

function digitOf(character: string | undefined): number {
  if (character !== undefined && /^[a-z]$/.test(character)) return character.charCodeAt(0) - 97;
  return character !== undefined && /^\d$/.test(character) ? Number(character) + 26 : base;
}

/** What stands behind `xn--`; undefined where it is not of this form. */
export function decodePunycode(label: string): string | undefined {
  const text = label.toLowerCase();
  if (text.length > mostCharacters || /[^a-z0-9-]/.test(text)) return undefined;
  const end = text.lastIndexOf('-');
  const output = [...text.slice(0, Math.max(0, end))].map((character) => character.charCodeAt(0));
  let at = end < 0 ? 0 : end + 1;
  let point = 128;
  let bias = 72;
  let i = 0;
  while (at < text.length) {
    const before = i;
    for (let weight = 1, k = base; ; k += base) {
      const digit = digitOf(text[at++]);
      if (digit === base) return undefined;
      i += digit * weight;
      const t = Math.min(Math.max(k - bias, tMin), tMax);
      if (digit < t) break;
      weight *= base - t;
    }
    const length = output.length + 1;
    bias = adapt(i - before, length, before === 0);
    point += Math.floor(i / length);
    i %= length;
    if (point > 0x10ffff) return undefined;
    output.splice(i++, 0, point);
  }
  return String.fromCodePoint(...output);
}
