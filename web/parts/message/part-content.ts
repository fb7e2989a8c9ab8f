// How the bytes of a part are shown: as text of its charset, or as hex.
import type { Part } from '../../../shared/message.ts';

/** What the view asks of the state: the start of a part's decoded bytes. */
export interface ShownContent {
  bytes: Uint8Array;
  isPicture: boolean;
  isWhole: boolean;
}
export type ReadPart = (path: string) => Promise<ShownContent>;

/** What a card needs that shows what a part says. */
export interface CardOfPart {
  path: string;
  charset: string | null;
  read: ReadPart;
}

const textual =
  /^(?:text\/|message\/|application\/(?:json|xml|yaml|javascript|ld\+json|x-yaml|sql|ics|x-www-form-urlencoded|pgp-signature|pgp-keys)|[a-z]+\/[\w.-]+\+(?:json|xml)|image\/svg)/i;

/** By its type, and where the type says nothing, by its bytes. */
export function isText(contentType: string, bytes: Uint8Array): boolean {
  if (textual.test(contentType)) return !bytes.subarray(0, 4096).includes(0);
  if (!/^application\/octet-stream/i.test(contentType) || bytes.length === 0) return false;
  const start = bytes.subarray(0, 4096);
  return !start.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127);
}

export function decodeBytes(bytes: Uint8Array, charset: string | null): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** What its author wrote in several lines, e.g. an address. */
export const inOneLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(', ');

export const isContainer = (part: Part): boolean => part.children.length > 0;

export interface HexRow {
  offset: string;
  hex: string;
  text: string;
}

const width = 16;
export const countHexRows = (length: number): number => Math.ceil(length / width);

/** The row at an index, made when it is looked at. */
export function hexRow(bytes: Uint8Array, index: number): HexRow {
  const slice = [...bytes.subarray(index * width, (index + 1) * width)];
  const pair = (byte: number): string => byte.toString(16).padStart(2, '0');
  return {
    offset: (index * width).toString(16).padStart(6, '0'),
    hex: `${slice.slice(0, 8).map(pair).join(' ')}  ${slice.slice(8).map(pair).join(' ')}`,
    text: slice.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
  };
}
