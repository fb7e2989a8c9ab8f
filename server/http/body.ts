// Reads the JSON body of a request, within a limit.
import type { IncomingMessage } from 'node:http';
import { MailscopeError } from '../../shared/errors.ts';
import { collectBody } from '../request-body.ts';

const maxBodyBytes = 1024 * 1024;

function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

/** Undefined where none is given or the body is compressed, which no call takes. */
export function mediaTypeOf({ headers }: IncomingMessage): string | undefined {
  if (headers['content-encoding'] !== undefined) return undefined;
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
}

/** Takes a byte order mark away, which some programs put first (RFC 8259 8.1). */
function readUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MailscopeError('invalid_request', 'The body is not valid UTF-8.', {
      hint: 'Write the JSON as UTF-8, the only encoding that it has (RFC 8259 8.1).',
      cause,
    });
  }
}

/** The parsed body, undefined where there is none. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  if (mediaTypeOf(request) !== 'application/json')
    throw new MailscopeError('unsupported_media_type', 'The body must be plain JSON.', {
      hint: 'Send it with "Content-Type: application/json".',
    });
  const bytes = await collectBody(request, maxBodyBytes);
  if (bytes === undefined)
    throw new MailscopeError('too_large', `The body is over the limit of ${maxBodyBytes} bytes.`, {
      hint: 'Say it in several calls.',
    });
  const text = readUtf8(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MailscopeError('invalid_request', `The body is not valid JSON: ${(cause as Error).message}`, {
      hint: 'Check quotes and commas.',
      cause,
    });
  }
}
