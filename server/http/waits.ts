// Waits and expectations: what they ask is read here, and given up when the client goes away.
import type { Response } from 'express';
import type { Handlers } from './endpoint.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import { MailscopeError } from '../../shared/errors.ts';
import type { Grant, WaitPart } from './parts.ts';
import { readSearch } from './search-query.ts';
import { requireUnrevoked } from './visitor.ts';

type Names = 'awaitMessages' | 'awaitSessions' | 'checkExpectation';

interface WaitQuery {
  query?: string | undefined;
  after?: string | undefined;
  count?: number | undefined;
  timeout: number;
  none?: boolean | undefined;
}

const askOf = (
  { query, after, count = 1, timeout, none = false }: WaitQuery,
  scope: 'messages' | 'sessions',
  view: InboxView,
) => ({
  search: readSearch(query, scope),
  view,
  after,
  count,
  timeoutMs: timeout,
  none,
});

/** Aborted when the connection closes before the answer. */
function leaving(response: Response): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('The client went away.')));
  return gone.signal;
}

/** The header too goes on from the answer, not from when it was asked for. */
async function withCursor<T extends { cursor: string }>(
  { response, visitor }: { response: Response; visitor: Grant },
  answer: Promise<T>,
): Promise<T> {
  const told = await answer.catch((error: unknown) => {
    // That the inbox went says more than that its token went with it.
    if (!(error instanceof MailscopeError && error.code === 'not_found')) requireUnrevoked(visitor);
    const { details } = error as { details?: Partial<T> };
    if (typeof details?.cursor === 'string') response.setHeader('Mailscope-Cursor', details.cursor);
    throw error;
  });
  requireUnrevoked(visitor);
  response.setHeader('Mailscope-Cursor', told.cursor);
  return told;
}

export function waitHandlers(waits: WaitPart): Pick<Handlers, Names> {
  return {
    awaitMessages: ({ query }, asked) =>
      withCursor(asked, waits.messages(askOf(query, 'messages', asked.view), leaving(asked.response))),
    awaitSessions: ({ query }, asked) =>
      withCursor(asked, waits.sessions(askOf(query, 'sessions', asked.view), leaving(asked.response))),
    checkExpectation({ body }, asked) {
      const searches = {
        messages: body.messages.map(({ query }, n) =>
          readSearch(query, 'messages', `body.messages.${n}.query`),
        ),
        sessions: body.sessions.map(({ query }, n) =>
          readSearch(query, 'sessions', `body.sessions.${n}.query`),
        ),
      };
      return withCursor(asked, waits.expect(body, searches, asked.view, leaving(asked.response)));
    },
  };
}
