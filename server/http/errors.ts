// Anything thrown becomes a status and the one error body. What we did not foresee is logged and not told.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorStatus, MailscopeError } from '../../shared/errors.ts';
import type { Log } from '../log.ts';

export function toMailscopeError(thrown: unknown, log: Log, what: string): MailscopeError {
  if (thrown instanceof MailscopeError) {
    if (thrown.code === 'internal') log.error(`${what} failed`, thrown);
    return thrown;
  }
  // Serving files ends in errors of its own for bad ranges and conditions.
  const { status } = thrown as { status?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new MailscopeError('invalid_request', 'The request cannot be answered as it is.', {
      cause: thrown,
    });
  log.error(`${what} failed`, thrown);
  return new MailscopeError('internal', 'Something went wrong inside Mailscope.', {
    hint: 'The log has the details.',
  });
}

/**
 * Programs are asked for a name and password, and so is a browser that follows a link to something else than the page.
 * The page itself asks by a form of its own: what it fetches must not make the browser ask as well.
 */
function challengeFor({ headers }: IncomingMessage): string {
  const isOfPage =
    headers['x-mailscope'] !== undefined ||
    headers.cookie?.includes('mailscope-') === true ||
    (headers['sec-fetch-mode'] !== undefined &&
      headers['sec-fetch-site'] !== undefined &&
      headers['sec-fetch-mode'] !== 'navigate');
  return isOfPage
    ? 'Bearer realm="Mailscope"'
    : 'Bearer realm="Mailscope", Basic realm="Mailscope", charset="UTF-8"';
}

/** `otherBody` is for other tools' clients, in place of the one that all errors have. */
export function sendError(response: ServerResponse, error: MailscopeError, otherBody?: object): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(otherBody ?? error.toBody());
  for (const name of ['ETag', 'Content-Disposition', 'Content-Encoding']) response.removeHeader(name);
  response.statusCode = errorStatus[error.code];
  if (error.code === 'unauthorized') response.setHeader('WWW-Authenticate', challengeFor(response.req));
  if (error.code === 'too_many_logins') {
    const { retryAfterMs } = error.details as { retryAfterMs: number };
    response.setHeader('Retry-After', Math.ceil(retryAfterMs / 1000));
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
