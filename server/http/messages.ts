// Messages: list, read, mark, delete. Their bytes are in downloads.ts.
import { MailscopeError } from '../../shared/errors.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import { changes, marks } from '../../shared/marks.ts';
import { messageSummary, type Message } from '../../shared/message.ts';
import type { Handlers } from './endpoint.ts';
import type { HttpParts, Marks, MessageSelection, StorePart } from './parts.ts';
import { readQuery, readSelectingQuery } from './search-query.ts';

type Names =
  | 'listMessages'
  | 'readMessage'
  | 'changeMessage'
  | 'updateMessages'
  | 'deleteMessage'
  | 'deleteMessages'
  | 'restoreMessages';

export const noMessage = (id: string): MailscopeError =>
  id === 'latest'
    ? new MailscopeError('not_found', 'There is no message yet.', { hint: 'Send one to the SMTP port.' })
    : new MailscopeError('not_found', `There is no message ${id}.`, { hint: 'It may have been deleted.' });

/** `latest` as the id that it stands for. */
export async function resolveMessageId(
  store: StorePart,
  id: string,
  inbox: InboxView = null,
): Promise<string> {
  if (id !== 'latest') return id;
  const [newest] = (await store.listMessages({ limit: 1, inbox })).items;
  if (newest === undefined) throw noMessage(id);
  return newest.id;
}

/** The whole message, once it is parsed or after 2 s. */
export async function readMessage(
  { store, settled }: Pick<HttpParts, 'store' | 'settled'>,
  idOrLatest: string,
  inbox: InboxView = null,
): Promise<Message> {
  const id = await resolveMessageId(store, idOrLatest, inbox);
  await settled(id);
  const found = await store.findMessage(id, inbox);
  if (found === undefined) throw noMessage(id);
  return found;
}

function selectionOf(body: { ids: string[] } | { all: true } | { query: string }): MessageSelection {
  if ('ids' in body) return { ids: body.ids };
  return 'query' in body ? { query: readSelectingQuery(body.query) } : { all: true };
}

/** Those that were given. Throws invalid_request where there is none: nothing would change. */
function marksOf(
  body: { [K in keyof Marks]?: Marks[K] | undefined },
  known: readonly (keyof Marks)[],
): Marks {
  const given = known.filter((name) => body[name] !== undefined);
  if (given.length === 0)
    throw new MailscopeError('invalid_request', `body: needs one of ${known.join(', ')}`, {
      hint: 'Say what is to change, for example "read": true.',
    });
  return Object.fromEntries(given.map((name) => [name, body[name]])) as Marks;
}
const markNames = Object.keys(marks) as (keyof Marks)[];
const changeNames = Object.keys(changes) as (keyof Marks)[];

export function messageHandlers({
  store,
  settled,
  caughtUp,
}: Pick<HttpParts, 'store' | 'settled' | 'caughtUp'>): Pick<Handlers, Names> {
  async function select(body: Parameters<typeof selectionOf>[0]): Promise<MessageSelection> {
    const which = selectionOf(body);
    if ('query' in which) await caughtUp();
    return which;
  }

  return {
    async listMessages({ query: { query: text, ...page } }, { view }) {
      const query = readQuery(text, 'messages');
      const ask = { ...page, inbox: view };
      if (query === undefined) return store.listMessages(ask);
      await caughtUp();
      return store.listMessages({ ...ask, query });
    },
    readMessage: ({ params }, { view }) => readMessage({ store, settled }, params.id, view),
    async changeMessage({ params: { id }, body }, { view }) {
      const found =
        (await store.markMessages({ ids: [id] }, marksOf(body, markNames), view)) > 0
          ? await store.findMessage(id, view)
          : undefined;
      if (found === undefined) throw noMessage(id);
      return messageSummary.parse(found);
    },
    updateMessages: async ({ body }, { view }) => ({
      count: await store.markMessages(await select(body), marksOf(body, changeNames), view),
    }),
    async deleteMessage({ params: { id }, query }, { view }) {
      const count = await store.deleteMessages({ ids: [id] }, query.purge ?? false, view);
      if (count === 0) throw noMessage(id);
      return { count };
    },
    deleteMessages: async ({ body }, { view }) => ({
      count: await store.deleteMessages(await select(body), body.purge ?? false, view),
    }),
    restoreMessages: async ({ body }, { view }) => ({
      count: await store.restoreMessages(await select(body), view),
    }),
  };
}
