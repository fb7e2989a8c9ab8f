// Every error of the API has a code for programs and a sentence for people. Its schema is in error-body.ts, so that
// a client in a browser loads no schema library.
/** The codes and their HTTP status. */
export const errorStatus = {
  invalid_request: 400,
  unauthorized: 401,
  not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  wait_timed_out: 404,
  conflict: 409,
  unexpected_message: 409,
  unexpected_session: 409,
  too_large: 413,
  unsupported_media_type: 415,
  wrong_host: 421,
  too_many_waits: 429,
  too_many_logins: 429,
  header_too_large: 431,
  internal: 500,
  storage_full: 507,
  unavailable: 503,
} as const;
export type ErrorCode = keyof typeof errorStatus;

/** The one body of every error. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; hint: string | null; details?: unknown };
}

/** An error with a code; thrown in the server and, rebuilt from the body, by the client. */
export class MailscopeError extends Error {
  override readonly name = 'MailscopeError';
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly details: unknown;

  constructor(
    code: ErrorCode,
    message: string,
    more: { hint?: string | null; details?: unknown; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.hint = more.hint ?? null;
    this.details = more.details;
  }

  toBody(): ErrorBody {
    const { code, message, hint, details } = this;
    return { error: { code, message, hint, ...(details === undefined ? {} : { details }) } };
  }
}

// An error of another copy of the package counts too, as where ESM and CommonJS meet in one test.
Object.defineProperty(MailscopeError, Symbol.hasInstance, {
  value(thrown: unknown): boolean {
    const { name, code } = (thrown ?? {}) as { name?: unknown; code?: unknown };
    return name === 'MailscopeError' && typeof code === 'string';
  },
});
