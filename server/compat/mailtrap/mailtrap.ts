// The messages of Mailtrap's sandbox API. Account and inbox are taken as they come: there is one inbox, with all mail.
import type { Address, Message, Part } from '../../../shared/message.ts';
import { or } from '../../../shared/search/query.ts';
import { send, sendJson, sendPart, sendRaw } from '../answers.ts';
import { readBody } from '../body.ts';
import { humanSize } from '../human-size.ts';
import { bareContentId, leavesInOrder, toAddresses } from '../message-parts.ts';
import { openMessage } from '../part-text.ts';
import type { CompatParts } from '../parts.ts';
import { readAll, readCount, readFull, settleNewest, summaries } from '../reading.ts';
import type { Call, Exchange } from '../router.ts';
import { sendView } from '../view.ts';
import { mailtrapInboxCalls } from './inboxes.ts';
import { mailtrapSendCalls } from './send.ts';

const base = '/api/accounts/:account/inboxes/:inbox/messages';
const pageSize = 30;
/** What SpamAssassin answers where it cannot say anything (EX_UNAVAILABLE of sysexits.h). */
const noSpamReport = {
  ...{ ResponseCode: 69, ResponseMessage: 'EX_UNAVAILABLE', ResponseVersion: '1.1' },
  ...{ Score: 0, Spam: false, Threshold: 5, Details: [] },
};
const sizeOf = (text: string | null): number => Buffer.byteLength(text ?? '');
const pathOf = ({ params }: Exchange, seq: number): string =>
  `/api/accounts/${encodeURIComponent(params.account!)}/inboxes/${encodeURIComponent(params.inbox!)}/messages/${seq}`;

async function shapeOf(parts: CompatParts, exchange: Exchange, message: Message): Promise<object> {
  const nobody: Address = { name: '', address: '' };
  const from = message.from[0] ?? nobody;
  const to = toAddresses(parts, message)[0] ?? nobody;
  const path = pathOf(exchange, message.seq);
  const { sessionId, receivedAt } = message;
  const session = sessionId === null ? undefined : await parts.store.findSessionSummary(sessionId);
  const at = new Date(receivedAt).toISOString();
  return {
    id: message.seq,
    inbox_id: readCount(exchange.params.inbox!, 0),
    subject: message.subject,
    sent_at: message.date === null ? at : new Date(message.date).toISOString(),
    from_email: from.address,
    from_name: from.name,
    to_email: to.address,
    to_name: to.name,
    email_size: message.size,
    is_read: message.read,
    created_at: at,
    updated_at: at,
    html_body_size: sizeOf(message.html),
    text_body_size: sizeOf(message.text),
    human_size: humanSize(message.size, 'Bytes'),
    html_path: `${path}/body.html`,
    txt_path: `${path}/body.txt`,
    raw_path: `${path}/body.raw`,
    download_path: `${path}/body.eml`,
    html_source_path: `${path}/body.htmlsource`,
    blacklists_report_info: false,
    smtp_information: session
      ? { ok: true, data: { mail_from_addr: message.mailFrom, client_ip: session.peer.address } }
      : { ok: false },
  };
}

const attachedParts = ({ structure }: Message): Part[] =>
  leavesInOrder(structure).filter(
    ({ disposition, contentId, contentType }) =>
      disposition !== null || (contentId !== null && !contentType.startsWith('text/')),
  );

function attachmentOf(exchange: Exchange, message: Message, part: Part, number: number): object {
  const size = part.size ?? part.bodyLength;
  const at = new Date(message.receivedAt).toISOString();
  return {
    id: number,
    message_id: message.seq,
    filename: part.filename ?? '',
    attachment_type: part.disposition === 'attachment' ? 'attachment' : 'inline',
    content_type: part.contentType,
    content_id: bareContentId(part.contentId) || null,
    transfer_encoding: part.encoding,
    attachment_size: size,
    created_at: at,
    updated_at: at,
    attachment_human_size: humanSize(size, 'Bytes'),
    download_path: `${pathOf(exchange, message.seq)}/attachments/${number}/download`,
  };
}

/** `content_type` for Content-Type. */
const headersOf = ({ headers }: Message): Record<string, string> =>
  Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase().replaceAll('-', '_'), value]));

/** How Mailtrap refuses who may not ask, by the status; undefined where the path is none of its own. */
export function mailtrapRefusal(path: string, status: number): object | undefined {
  const isSending = /^\/api\/(?:send|batch)(?:\/|$)/.test(path);
  if (!isSending && !/^\/api\/accounts\/[^/]+\/inboxes(?:\/|$)/.test(path)) return undefined;
  if (status === 401) return isSending ? { errors: ['Unauthorized'] } : { error: 'Incorrect API token' };
  return status === 403 ? { errors: 'Access forbidden' } : undefined;
}

export function mailtrapCalls(parts: CompatParts, options: { maxSize: number }): Call[] {
  const { store } = parts;
  const refuse = ({ response }: Exchange, status = 404, error = 'Not Found'): void =>
    sendJson(response, { error }, { status });
  const find = async ({ params }: Exchange): Promise<Message | undefined> => {
    const id = /^\d{1,15}$/.test(params.id!) ? await store.findBySeq(Number(params.id)) : undefined;
    return id === undefined ? undefined : readFull(parts, id);
  };
  const on = (
    method: Call['method'],
    path: string,
    answer: (exchange: Exchange, message: Message) => Promise<void> | void,
  ): Call => ({
    method,
    path: `${base}/:id${path}`,
    async answer(exchange) {
      const message = await find(exchange);
      if (message === undefined) refuse(exchange);
      else await answer(exchange, message);
    },
  });
  const body = (name: string, text: (message: Message) => string | null): Call =>
    on('GET', `/body.${name}`, ({ response }, message) =>
      send(response, text(message) ?? '', { type: 'text/plain; charset=utf-8' }),
    );
  const raw = (name: string, type: string): Call =>
    on('GET', `/body.${name}`, async (exchange, { id }) => {
      if (!(await sendRaw(parts, exchange.response, id, { type }))) refuse(exchange);
    });
  const attachment = (
    path: string,
    answer: (
      exchange: Exchange,
      message: Message,
      found: { part: Part; number: number },
    ) => Promise<void> | void,
  ): Call =>
    on('GET', `/attachments/:number${path}`, (exchange, message) => {
      const number = readCount(exchange.params.number!, 0);
      const part = attachedParts(message)[number - 1];
      return part ? answer(exchange, message, { part, number }) : refuse(exchange);
    });

  async function list(exchange: Exchange): Promise<void> {
    const { query, response } = exchange;
    const search = (query.get('search') ?? '').trim().slice(0, 1000);
    const lastId = readCount(query.get('last_id'), 0);
    const below = lastId || Number.MAX_SAFE_INTEGER;
    // It goes before the page.
    const page = lastId > 0 ? 1 : Math.max(1, readCount(query.get('page'), 1, 1_000_000));
    const skip = (page - 1) * pageSize;
    const fields = ['subject', 'to', 'rcpt'].map(
      (field) => ({ type: 'field', field, header: null, value: search }) as const,
    );
    if (search !== '') await settleNewest(parts);
    const ids: string[] = [];
    let place = 0;
    for await (const { id, seq } of summaries(parts, search === '' ? undefined : or(fields))) {
      if (seq >= below) continue;
      place += 1;
      if (place > skip) ids.push(id);
      if (ids.length >= pageSize) break;
    }
    const shapes = [];
    for await (const message of readAll(parts, ids)) shapes.push(await shapeOf(parts, exchange, message));
    sendJson(response, shapes);
  }

  return [
    ...mailtrapInboxCalls(parts),
    ...mailtrapSendCalls(parts, options),
    { method: 'GET', path: base, answer: list },
    on('GET', '', async (exchange, message) =>
      sendJson(exchange.response, await shapeOf(parts, exchange, message)),
    ),
    on('PATCH', '', async (exchange, message) => {
      const given = await readBody(exchange);
      if (!given.ok) return refuse(exchange, given.status, given.problem);
      const read: unknown = (given.value as { message?: { is_read?: unknown } } | null | undefined)?.message
        ?.is_read;
      if (typeof read !== 'boolean' && !/^(?:true|false|1|0)$/.test(String(read)))
        return refuse(exchange, 422, 'message.is_read must be true or false');
      const isRead = read === true || /^(?:true|1)$/.test(String(read));
      await store.markMessages({ ids: [message.id] }, { read: isRead });
      sendJson(exchange.response, await shapeOf(parts, exchange, { ...message, read: isRead }));
    }),
    on('DELETE', '', async (exchange, message) => {
      await store.deleteMessages({ ids: [message.id] }, true);
      sendJson(exchange.response, await shapeOf(parts, exchange, message));
    }),
    body('txt', ({ text }) => text),
    body('htmlsource', ({ html }) => html),
    raw('raw', 'text/plain; charset=utf-8'),
    raw('eml', 'message/rfc822'),
    on('GET', '/body.html', (exchange, message) => sendView(parts, exchange, message, message.html ?? '')),
    on('GET', '/mail_headers', ({ response }, message) =>
      sendJson(response, { headers: headersOf(message) }),
    ),
    on('POST', '/forward', (exchange) =>
      refuse(exchange, 422, 'Nothing was forwarded: Mailscope delivers no mail to anyone.'),
    ),
    on('GET', '/spam_report', ({ response }) => sendJson(response, { report: noSpamReport })),
    on('GET', '/analyze', ({ response }) =>
      sendJson(response, { report: { status: 'error', msg: 'Mailscope does not analyse HTML.' } }),
    ),
    on('GET', '/attachments', (exchange, message) => {
      const wanted = exchange.query.get('attachment_type');
      const all = attachedParts(message).map((part, i) => ({ part, number: i + 1 }));
      const found = all.filter(
        ({ part }) =>
          wanted === null || (part.disposition === 'attachment' ? 'attachment' : 'inline') === wanted,
      );
      sendJson(
        exchange.response,
        found.map(({ part, number }) => attachmentOf(exchange, message, part, number)),
      );
    }),
    attachment('', (exchange, message, { part, number }) =>
      sendJson(exchange.response, attachmentOf(exchange, message, part, number)),
    ),
    attachment('/download', async ({ response }, message, { part }) =>
      sendPart(response, await openMessage(parts, message).bytes(part), {
        contentType: part.contentType,
        disposition: parts.contentDisposition('attachment', part.filename ?? `part-${part.path}`),
      }),
    ),
  ];
}
