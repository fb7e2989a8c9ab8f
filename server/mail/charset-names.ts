// What mail calls the charsets that the WHATWG encoding standard knows by other names.
import { TextDecoder } from 'node:util';

const aliases = new Map([
  ...['cp932', 'ms932', 'windows932', 'ms-kanji', 'x-ms-cp932'].map((name) => [name, 'shift_jis'] as const),
  ...['cp936', 'ms936', 'windows-936', 'euc-gb', 'euccn', 'euc-cn'].map((name) => [name, 'gbk'] as const),
  ...['cp949', 'ms949', 'windows949', 'x-windows-949', 'uhc', 'ks_c_5601', 'euckr', 'ksc5601'].map(
    (name) => [name, 'euc-kr'] as const,
  ),
  ...['cp950', 'ms950', 'windows-950', 'big-5', 'chinesebig5'].map((name) => [name, 'big5'] as const),
  ...['eucjp', 'cp51932', 'ujis'].map((name) => [name, 'euc-jp'] as const),
  ...['iso-2022-jp-1', 'iso-2022-jp-2', 'iso-2022-jp-ms', 'cp50220', 'cp50221', 'jis'].map(
    (name) => [name, 'iso-2022-jp'] as const,
  ),
  ['ansi_x3.4', 'us-ascii'],
  ...['646', 'csascii', 'us'].map((name) => [name, 'us-ascii'] as const),
  ['utf8mb4', 'utf-8'],
  ['unicode-utf-8', 'utf-8'],
  ['iso-8859-11', 'windows-874'],
  ['dos-866', 'ibm866'],
  ['macce', 'maccenteuro'],
  ['x-mac-ce', 'maccenteuro'],
  ['x-mac-greek', 'macgreek'],
  ['x-mac-turkish', 'macturkish'],
  ['latin-1', 'iso-8859-1'],
  ...['latin9', 'latin-9', 'latin_9', 'latin0'].map((name) => [name, 'iso-8859-15'] as const),
  ['latin10', 'iso-8859-16'],
]);

/** Of a label in small letters; the label itself where no other name is known. */
export function standardName(label: string): string {
  const known = aliases.get(label);
  if (known !== undefined) return known;
  const windows = /^(?:x-)?(?:win|windows|cp|ansi|ms)[-_ ]?(125[0-8])$/.exec(label);
  if (windows) return `windows-${windows[1]}`;
  const iso = /^(?:x-)?(?:iso)?[-_]?8859[-_]?(\d{1,2})$/.exec(label);
  if (iso) return `iso-8859-${iso[1]}`;
  return label.replace(/^(utf)_(?=\d)/, '$1-');
}

/**
 * The name by which mailparser knows the charset as well: of the rarer ones it knows some not at all, and `latin9` as
 * another. Which text is windows-1252, whatever it claims, is told by its bytes; and mac-cyrillic it knows in two kinds.
 */
export function nameForMailparser(charset: string): string {
  const label = standardName(charset.toLowerCase());
  // Its byte order is told by its bytes.
  if (label === 'utf-16') return label;
  try {
    const { encoding } = new TextDecoder(label);
    return /^windows-1252$|^x-mac-/.test(encoding) ? charset : encoding;
  } catch {
    return label;
  }
}
