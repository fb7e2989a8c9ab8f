// Takes a raw message over HTTP. It is stored as durably as one that came by SMTP, and without a session.
import type { Handlers } from './endpoint.ts';
import type { HttpParts } from './parts.ts';
import { readRawBody } from './raw-body.ts';

export const rawMessageHandlers = ({
  submission,
}: Pick<HttpParts, 'submission'>): Pick<Handlers, 'storeMessage'> => ({
  storeMessage: ({ query: { from, rcpt, origin } }, { request }) =>
    submission.store(readRawBody(request, submission.maxSize), { from, to: rcpt, origin }),
});
