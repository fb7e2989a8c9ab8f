// The parameters behind a path (RFC 5321 §4.1.2, xtext of RFC 3461 §4), kept as sent.
import type { EsmtpParameter } from '../../shared/transaction.ts';

export interface Parameters {
  params: EsmtpParameter[];
  /** Why the command must be refused, or null. */
  problem: string | null;
  remark: string | null;
}

const maxParameters = 100;

/** Values that are xtext, so that whoever decodes them would get what is encoded there. */
const xtext = new Set(['ENVID', 'ORCPT', 'AUTH']);

const keyword = /^[A-Za-z0-9][A-Za-z0-9-]*$/;
const control = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/;

/** `text` is what follows the path, blanks included. */
export function parseParameters(text: string): Parameters {
  const words = text.split(' ').filter((word) => word !== '');
  const params = words.slice(0, maxParameters).map((word): EsmtpParameter => {
    const equals = word.indexOf('=');
    return equals < 0
      ? { name: word, value: null }
      : { name: word.slice(0, equals), value: word.slice(equals + 1) };
  });
  if (words.length > maxParameters) {
    return { params, problem: `More than ${maxParameters} parameters`, remark: null };
  }
  const empty = params.find(({ value }) => value === '');
  const remarks = empty ? [`The parameter ${shorten(empty.name)} has no value behind its "=".`] : [];
  for (const { name, value } of params) {
    const upper = name.toUpperCase();
    const bad = xtext.has(upper) ? /\+(?![0-9A-F]{2}).{0,2}|=/i.exec(value ?? '')?.[0] : undefined;
    if (bad !== undefined)
      remarks.push(
        `The value of ${upper} is no xtext: "${shorten(bad)}" (RFC 3461 section 4); some servers answer 501.`,
      );
  }
  return { params, problem: findProblem(params), remark: remarks.join(' ') || null };
}

function findProblem(params: EsmtpParameter[]): string | null {
  const seen = new Set<string>();
  for (const [index, { name, value }] of params.entries()) {
    if (!keyword.test(name)) return `Parameter ${index + 1} is not KEYWORD or KEYWORD=VALUE`;
    const upper = name.toUpperCase();
    // RFC 3461 §4 for DSN, RFC 5321 §4.1.1.11 for all others by the same sense.
    if (seen.has(upper)) return `The parameter ${shorten(upper)} is given twice`;
    seen.add(upper);
    if (value === null || !xtext.has(upper)) continue;
    const hidden = findEncodedControl(value);
    if (hidden) return `The value of ${upper} has the encoded control character ${hidden}`;
  }
  return null;
}

/** `+0D` of xtext, in UTF-8 as well, and `\x{0D}` of RFC 6533; as it is written there. */
function findEncodedControl(value: string): string | null {
  for (const [run] of value.matchAll(/(?:\+[0-9A-Fa-f]{2})+/g)) {
    const decoded = Buffer.from(run.replaceAll('+', ''), 'hex').toString();
    if (control.test(decoded)) return shorten(run);
  }
  for (const [written, hex = ''] of value.matchAll(/\\x\{0*([0-9A-Fa-f]{1,6})\}/g)) {
    const code = parseInt(hex, 16);
    if (code <= 0x10ffff && control.test(String.fromCodePoint(code))) return shorten(written);
  }
  return null;
}

/** Replies and remarks stay short, whatever the client sends. */
const shorten = (text: string): string => text.slice(0, 40).replace(/[^\x21-\x7e]/g, '?');

/**
 * For the protocol engine, which decodes every value as xtext, refuses C1 codes there and breaks at white space beyond
 * ASCII. Where a value has such, a harmless character takes its place; nothing that the engine judges depends on it.
 */
export const formatForEngine = (params: EsmtpParameter[]): string =>
  params
    .map(({ name, value }) => {
      if (value === null) return ` ${name}`;
      const harmless = value.replace(/\+(?:[0189][0-9A-F]|7F)/g, '+3F').replace(/[\s\x7f-\x9f]/g, '_');
      return ` ${name}=${harmless}`;
    })
    .join('');
