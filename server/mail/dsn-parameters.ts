// What a sender asks of delivery reports by the parameters of MAIL and RCPT (RFC 3461).
import { isUtf8 } from 'node:buffer';
import { findParameter } from '../../shared/smtp-text.ts';
import type { EsmtpParameter } from '../../shared/transaction.ts';
import { decodeXtext } from '../../shared/xtext.ts';

export const parameterOf = (params: readonly EsmtpParameter[], name: string): string | null =>
  findParameter(params, name)?.value ?? null;

/** RFC 3461 4: `+2B` stands for `+`. What would not be printable ASCII stays as it was sent. */
export function readXtext(text: string): string {
  const read = decodeXtext(text);
  return [read, text].find((one) => /^[\x20-\x7e]*$/.test(one)) ?? text.replace(/[^\x20-\x7e]/g, '?');
}

export const isUtf8Address = (orcpt: string): boolean => /^utf-8;/i.test(orcpt);

/** RFC 6533 3: `\x{F6}` stands for a character; some encode the bytes as xtext. What has a control character stays as it was sent. */
export function readUtf8Address(text: string): string {
  const bytes = /^\p{ASCII}*$/u.test(text) ? Buffer.from(decodeXtext(text), 'latin1') : Buffer.from(text);
  const read = (isUtf8(bytes) ? bytes.toString() : text).replace(
    /\\x\{([0-9A-F]{2,6})\}/gi,
    (all, hex: string) => {
      const point = parseInt(hex, 16);
      return point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? all : String.fromCodePoint(point);
    },
  );
  return /\p{Cc}/u.test(read) ? text : read;
}

/** Whether a report of a failure, or of a delay, is wanted for a recipient (RFC 3461 4.1). Without NOTIFY both may come. */
export function isNotified(params: readonly EsmtpParameter[], of: 'FAILURE' | 'DELAY'): boolean {
  const notify = parameterOf(params, 'NOTIFY');
  return notify === null || notify.toUpperCase().split(',').includes(of);
}
