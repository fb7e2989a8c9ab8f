// Anything thrown becomes a status and the one error body. What we did not foresee is logged and not told.
import type { ServerResponse } from 'node:http';
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

export function sendError(response: ServerResponse, error: MailscopeError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(error.toBody());
  for (const name of ['ETag', 'Content-Disposition', 'Content-Encoding']) response.removeHeader(name);
  response.statusCode = errorStatus[error.code];
  // A browser asks for a password where nobody is let in without a token, and sends it with all that the page does.
  if (error.code === 'unauthorized')
    response.setHeader(
      'WWW-Authenticate',
      'Bearer realm="Mailscope", Basic realm="Mailscope", charset="UTF-8"',
    );
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
