// What a sender asks of delivery reports by the parameters of MAIL and RCPT (RFC 3461).
import type { EsmtpParameter } from '../../shared/transaction.ts';

export const parameterOf = (params: readonly EsmtpParameter[], name: string): string | null =>
  params.find((one) => one.name.toUpperCase() === name)?.value ?? null;

/** RFC 3461 4: `+2B` stands for `+`. What would not be printable ASCII stays as it was sent. */
export function readXtext(text: string): string {
  const read = text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return [read, text].find((one) => /^[\x20-\x7e]*$/.test(one)) ?? text.replace(/[^\x20-\x7e]/g, '?');
}

/** Whether a report of a failure, or of a delay, is wanted for a recipient (RFC 3461 4.1). Without NOTIFY both may come. */
export function isNotified(params: readonly EsmtpParameter[], of: 'FAILURE' | 'DELAY'): boolean {
  const notify = parameterOf(params, 'NOTIFY');
  return notify === null || notify.toUpperCase().split(',').includes(of);
}
