// Inboxes and their tokens.
import { MailscopeError } from '../../shared/errors.ts';
import type { Handlers } from './endpoint.ts';
import type { Grant, HttpParts } from './parts.ts';

type Names =
  | 'listInboxes'
  | 'createInbox'
  | 'readInbox'
  | 'changeInbox'
  | 'deleteInbox'
  | 'listInboxTokens'
  | 'createInboxToken'
  | 'deleteInboxToken';

/** The same for one that is not there, so that nothing is told of others. */
function requireOwn({ inbox }: Grant, name: string): void {
  if (inbox !== null && inbox !== name)
    throw new MailscopeError('not_allowed', `The token is for the inbox ${inbox} alone.`, {
      hint: `Ask for /api/inboxes/${inbox}.`,
    });
}

export function inboxHandlers({ inboxes }: Pick<HttpParts, 'inboxes'>): Pick<Handlers, Names> {
  const { tokens } = inboxes;
  return {
    async listInboxes(_given, { visitor }) {
      const all = await inboxes.list();
      return { items: all.filter(({ name }) => visitor.inbox === null || visitor.inbox === name) };
    },
    createInbox: ({ body }) => inboxes.create(body),
    readInbox({ params: { name } }, { visitor }) {
      requireOwn(visitor, name);
      return inboxes.read(name);
    },
    changeInbox: ({ params: { name }, body }) => inboxes.change(name, body),
    async deleteInbox({ params: { name } }, { visitor }) {
      requireOwn(visitor, name);
      return { count: await inboxes.remove(name) };
    },
    async listInboxTokens({ params: { name } }) {
      await inboxes.read(name);
      return { items: tokens.list(name) };
    },
    async createInboxToken({ params: { name }, body }) {
      await inboxes.read(name);
      return tokens.create(name, body.scope, body.label);
    },
    async deleteInboxToken({ params: { name, id } }) {
      await tokens.delete(name, id);
      return { count: 1 };
    },
  };
}
