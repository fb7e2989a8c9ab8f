// Mailtrap's inbox, of which there is one: tests ask for its counts, empty it, or mark all as read before they begin.
import { sendJson } from '../answers.ts';
import type { CompatParts } from '../parts.ts';
import { readCount } from '../reading.ts';
import type { Call, Exchange } from '../router.ts';

const base = '/api/accounts/:account/inboxes';

/** The fields that Mailtrap's clients have types for. There is no password to tell, and no address of its own. */
async function inboxOf({ store, status }: CompatParts, id: number): Promise<object> {
  const [{ listeners, limits }, { messages, unread }, newest] = await Promise.all([
    status(),
    store.counts(),
    store.listMessages({ limit: 1 }),
  ]);
  const host = listeners[0]?.host ?? 'localhost';
  return {
    id,
    name: 'Mailscope',
    username: '',
    password: '',
    max_size: limits.maxMessages,
    status: 'active',
    email_username: '',
    email_username_enabled: false,
    sent_messages_count: messages,
    forwarded_messages_count: 0,
    used: messages > 0,
    forward_from_email_address: '',
    project_id: 1,
    domain: host,
    pop3_domain: host,
    email_domain: host,
    smtp_ports: listeners.flatMap(({ protocol, port }) => (protocol === 'smtp' ? [port] : [])),
    pop3_ports: [],
    emails_count: messages,
    emails_unread_count: unread,
    last_message_sent_at: newest.items[0]?.receivedAt ?? null,
    max_message_size: limits.maxSize,
    permissions: { can_read: true, can_update: true, can_destroy: false, can_leave: false },
  };
}

export function mailtrapInboxCalls(parts: CompatParts): Call[] {
  const { store } = parts;
  const tell = async ({ params, response }: Exchange): Promise<void> =>
    sendJson(response, await inboxOf(parts, readCount(params.inbox!, 1)));
  return [
    {
      method: 'GET',
      path: base,
      answer: async ({ response }) => sendJson(response, [await inboxOf(parts, 1)]),
    },
    { method: 'GET', path: `${base}/:inbox`, answer: tell },
    {
      method: 'PATCH',
      path: `${base}/:inbox/clean`,
      async answer(exchange) {
        await store.deleteMessages({ all: true }, true);
        await tell(exchange);
      },
    },
    {
      method: 'PATCH',
      path: `${base}/:inbox/all_read`,
      async answer(exchange) {
        await store.markMessages({ all: true }, { read: true });
        await tell(exchange);
      },
    },
  ];
}
