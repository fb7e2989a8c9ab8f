// Every error of the API has a code for programs and a sentence for people.
import * as z from 'zod';

/** The codes and their HTTP status. */
export const errorStatus = {
  invalid_request: 400,
  not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  wait_timed_out: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  wrong_host: 421,
  internal: 500,
  storage_full: 507,
  unavailable: 503,
} as const;
export type ErrorCode = keyof typeof errorStatus;

export const errorBody = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
      message: z.string().describe('What happened and why.'),
      hint: z.string().nullable().describe('What to do about it.'),
      details: z.unknown().optional(),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof errorBody>;

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
