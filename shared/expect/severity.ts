// How bad something is that was noticed.
import type { AnomalyKind } from '../session.ts';
import { isAsBad, type Severity } from '../severity.ts';

/**
 * error: another server refuses or misreads it, or somebody in between can use it. warning: some servers do.
 * notice: harmless, and not as the standards have it.
 */
export const anomalySeverity: Record<AnomalyKind, Severity> = {
  'smuggling-sequence': 'error',
  'plaintext-after-starttls': 'error',
  'early-client-hello': 'error',
  'tls-on-plain-port': 'error',
  'plaintext-on-tls-port': 'error',
  'http-on-smtp-port': 'error',
  'proxy-header-unexpected': 'error',
  'bare-lf': 'error',
  'bare-cr': 'error',
  nul: 'error',
  'utf8-address-without-smtputf8': 'error',
  'parameter-not-offered': 'error',
  'too-many-errors': 'error',
  'early-talker': 'warning',
  'illegal-pipelining': 'warning',
  'control-character': 'warning',
  'overlong-command': 'warning',
  'overlong-line': 'warning',
  'malformed-address': 'warning',
  'eight-bit-without-8bitmime': 'warning',
  'reply-not-delivered': 'warning',
  'size-mismatch': 'notice',
  'no-quit': 'notice',
};

export const isBelow = (one: Severity, other: Severity): boolean => !isAsBad(one, other);
