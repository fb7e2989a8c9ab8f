// What cannot be read as HTTP is answered in the one body of errors; by itself Node sends a status and not a word.
import { STATUS_CODES, type Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { errorStatus, MailscopeError, type ErrorCode } from '../../shared/errors.ts';

export const maxHeadBytes = 32 * 1024;

const hints = {
  encode: 'All but ASCII is percent-encoded, ü as %C3%BC; curl does it with -G --data-urlencode "query=...".',
  head: 'Cookies that other programs set for this host count too: 127.0.0.1 has other ones than localhost.',
  port: 'This is the port of the page and the API; mail goes to an SMTP port.',
  form: 'HTTP libraries and curl write a request as it must be.',
};

/** Undefined: it is no fault of what was sent. */
function explain({ code, reason }: { code?: string; reason?: string }): MailscopeError | undefined {
  const error = (
    message: string,
    hint: keyof typeof hints,
    errorCode: ErrorCode = 'invalid_request',
  ): MailscopeError => new MailscopeError(errorCode, message, { hint: hints[hint] });
  switch (code) {
    case 'HPE_INVALID_URL':
    case 'HPE_INVALID_CONSTANT':
      return error('The address has a letter, a space or a sign that must be encoded.', 'encode');
    case 'HPE_HEADER_OVERFLOW':
      return error(
        `The address and the header fields are over ${maxHeadBytes / 1024} KiB.`,
        'head',
        'header_too_large',
      );
    case 'HPE_INVALID_METHOD':
    case 'HPE_INVALID_VERSION':
    case 'HPE_PAUSED_H2_UPGRADE':
      return error('This is not HTTP/1.1.', 'port');
    default:
      return code?.startsWith('HPE_')
        ? error(`The request is not as HTTP has it: ${reason ?? code}.`, 'form')
        : undefined;
  }
}

function answerTo(cause: { code?: string; reason?: string }): string {
  if (cause.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';
  const error = explain(cause);
  if (!error) return '';
  const body = JSON.stringify(error.toBody());
  const status = errorStatus[error.code];
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** `isAnswering`: whether the head of an answer went over the socket already, into which nothing may be written. */
export function answerUnreadable(
  server: Server | SecureServer,
  isAnswering: (socket: Duplex) => boolean,
): void {
  server.on('clientError', (cause: Error & { code?: string; reason?: string }, socket: Duplex) => {
    if (socket.writable && !isAnswering(socket)) socket.write(answerTo(cause));
    socket.destroy();
  });
}
