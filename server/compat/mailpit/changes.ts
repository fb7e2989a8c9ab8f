// Mailpit's calls that change something: read marks, tags, deletion, sending.
import { MailscopeError } from '../../../shared/errors.ts';
import { send, sendJson } from '../answers.ts';
import { readBody } from '../body.ts';
import type { CompatParts, Selection } from '../parts.ts';
import { settleNewest } from '../reading.ts';
import type { Call, Exchange } from '../router.ts';
import { everything, findMatches, readSearch, refuse, sendOk } from './asking.ts';
import { asFields, FieldProblem, flagOf, textOf, textsOf, type Fields } from './fields.ts';
import type { MailpitSearch } from './search.ts';
import { composeSend, type SendRequest } from './send.ts';
import { cleanTag, type Tags } from './tags.ts';

/** Refuses what is no JSON object of the right types. */
async function withFields(
  exchange: Exchange,
  act: (fields: Fields) => Promise<void>,
  isOptional = false,
): Promise<void> {
  const body = await readBody(exchange);
  if (!body.ok) return refuse(exchange.response, body.problem, body.status);
  if (body.value === undefined && !isOptional) return refuse(exchange.response, 'EOF');
  try {
    await act(asFields(body.value));
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error;
    refuse(exchange.response, error.message);
  }
}

/** The name of the login of the call itself. */
function loginOf({ request }: Exchange): string | null {
  const found = /^basic ([a-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '');
  const text = found ? Buffer.from(found[1]!, 'base64').toString('utf8') : '';
  return text.includes(':') ? text.slice(0, text.indexOf(':')) || null : null;
}

export function changeCalls(parts: CompatParts, tags: Tags, { maxSize }: { maxSize: number }): Call[] {
  const { store } = parts;

  async function selectionOf(search: MailpitSearch): Promise<Selection> {
    if (search.inline === null) return { query: search.query ?? everything };
    const { items } = await findMatches(parts, search, { start: 0, limit: Number.MAX_SAFE_INTEGER });
    return { ids: items.map(({ id }) => id) };
  }

  async function deleteMessages(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    // MailHog has this call too, and its clients read JSON from an answer that is not empty. They send no Accept.
    const isBare = request.headers.accept === undefined && request.headers['content-type'] === undefined;
    await withFields(
      exchange,
      async (fields) => {
        const ids = textsOf(fields, 'IDs');
        await store.deleteMessages(ids.length === 0 ? { all: true } : { ids }, true);
        if (isBare && ids.length === 0) return send(response, '', { type: 'text/json' });
        sendOk(response);
      },
      true,
    );
  }

  async function sendMessage(exchange: Exchange): Promise<void> {
    const { response } = exchange;
    const refuseSend = (problem: string, status = 400): void =>
      sendJson(response, { Error: problem }, { status });
    const body = await readBody(exchange, maxSize);
    if (!body.ok) return refuseSend(body.problem, body.status);
    let wanted: SendRequest;
    try {
      wanted = await composeSend(body.value);
    } catch (error) {
      if (!(error instanceof FieldProblem)) throw error;
      return refuseSend(error.message);
    }
    if (wanted.raw.length > maxSize)
      return refuseSend(`The message is over the limit of ${maxSize} bytes.`, 413);
    try {
      const id = await parts.submit({ ...wanted, user: loginOf(exchange) });
      sendJson(response, { ID: id });
    } catch (error) {
      if (!(error instanceof MailscopeError) || error.code !== 'storage_full') throw error;
      refuseSend(error.message);
    }
  }

  const byTag = (tag: string): Selection => ({
    query: { type: 'field', field: 'tag', header: null, value: tag },
  });

  return [
    {
      method: 'PUT',
      path: '/api/v1/messages',
      answer: (exchange) =>
        withFields(exchange, async (fields) => {
          const [ids, search, read] = [
            textsOf(fields, 'IDs'),
            textOf(fields, 'Search'),
            flagOf(fields, 'Read'),
          ];
          if (ids.length > 0 && search !== '')
            return refuse(exchange.response, 'You may specify either IDs or a search query, not both');
          let which: Selection = ids.length === 0 ? { all: true } : { ids };
          if (search !== '') {
            const parsed = readSearch(exchange, search);
            if (!parsed) return;
            which = await selectionOf(parsed);
          }
          await store.markMessages(which, { read });
          sendOk(exchange.response);
        }),
    },
    { method: 'DELETE', path: '/api/v1/messages', answer: deleteMessages },
    {
      method: 'DELETE',
      path: '/api/v1/search',
      async answer(exchange) {
        const search = readSearch(exchange, exchange.query.get('query'));
        if (!search) return;
        // What was just sent is meant too.
        await settleNewest(parts);
        await store.deleteMessages(await selectionOf(search), true);
        sendOk(exchange.response);
      },
    },
    { method: 'POST', path: '/api/v1/send', answer: sendMessage },
    {
      method: 'GET',
      path: '/api/v1/tags',
      answer: async ({ response }) => sendJson(response, [...(await tags.count()).keys()]),
    },
    {
      method: 'PUT',
      path: '/api/v1/tags',
      answer: (exchange) =>
        withFields(exchange, async (fields) => {
          const names = textsOf(fields, 'Tags')
            .map(cleanTag)
            .filter((tag) => tag !== '');
          const ids = textsOf(fields, 'IDs');
          if (ids.length > 0) await store.markMessages({ ids }, { tags: names });
          sendOk(exchange.response);
        }),
    },
    {
      method: 'PUT',
      path: '/api/v1/tags/:tag',
      answer: (exchange) =>
        withFields(exchange, async (fields) => {
          const old = exchange.params.tag!;
          const name = cleanTag(textOf(fields, 'Name'));
          if (name === '') return refuse(exchange.response, 'invalid tag name');
          if (![...(await tags.count()).keys()].includes(old))
            return refuse(exchange.response, 'tag not found');
          // Messages that lose the old name could not be told from others afterwards.
          await store.markMessages(byTag(old), { removeTags: [old], addTags: [name] });
          sendOk(exchange.response);
        }),
    },
    {
      method: 'DELETE',
      path: '/api/v1/tags/:tag',
      async answer({ params, response }) {
        await store.markMessages(byTag(params.tag!), { removeTags: [params.tag!] });
        sendOk(response);
      },
    },
  ];
}
