// A raw message as the body of a request, given out while it arrives, within the limit of messages.
import type { IncomingMessage } from 'node:http';
import { MailscopeError } from '../../shared/errors.ts';
import { readWithin } from '../request-body.ts';
import { mediaTypeOf } from './body.ts';

/** RFC 5322 and RFC 6532; the third is what a program says that knows only that it has bytes. */
const types = new Set(['message/rfc822', 'message/global', 'application/octet-stream']);

function checkType(request: IncomingMessage): void {
  if (types.has(mediaTypeOf(request) ?? '')) return;
  throw new MailscopeError('unsupported_media_type', 'The body must be a raw message.', {
    hint: 'Send it with "Content-Type: message/rfc822", with curl by --data-binary @message.eml.',
  });
}

/** Throws MailscopeError: `unsupported_media_type`, `too_large`, or `invalid_request` for an empty or broken one. */
export async function* readRawBody(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  checkType(request);
  let size = 0;
  try {
    size = yield* readWithin(request, maxBytes);
  } catch (cause) {
    throw new MailscopeError('invalid_request', 'The body ended before it was complete.', {
      hint: 'Send it again.',
      cause,
    });
  }
  if (size > maxBytes)
    throw new MailscopeError('too_large', `The message is over the limit of ${maxBytes} bytes.`, {
      hint: 'Start Mailscope with a larger --max-size.',
    });
  if (size === 0)
    throw new MailscopeError('invalid_request', 'The body is empty.', {
      hint: 'It must be the message as it is: header, empty line, text.',
    });
}
