// Mailpit's calls about itself. The version is ours: nothing that Mailpit's own tells is claimed.
import { send, sendJson } from '../answers.ts';
import type { CompatParts } from '../parts.ts';
import type { Call } from '../router.ts';
import { swaggerDocument } from './swagger.ts';
import type { Tags } from './tags.ts';

const noRelay = {
  ...{ Enabled: false, SMTPServer: '', ReturnPath: '', AllowedRecipients: '', BlockedRecipients: '' },
  ...{ OverrideFrom: '', PreserveMessageIDs: false, RecipientAllowlist: '' },
};

export function infoCalls(parts: CompatParts, tags: Tags): Call[] {
  const since = { stored: 0, accepted: 0, acceptedSize: 0, refused: 0 };
  parts.events.on('durable', (batch) => {
    for (const { type, payload } of batch) {
      if (type === 'message:stored') {
        since.stored += 1;
        if (payload.message.origin !== 'smtp') continue;
        since.accepted += 1;
        since.acceptedSize += payload.message.size;
      }
      if (type === 'session:closed' && payload.session.outcome === 'refused') since.refused += 1;
    }
  });
  const atStart = parts.store.counts().then(
    ({ messages }) => messages,
    () => 0,
  );
  const isReady: Call['answer'] = ({ response }) => send(response, '', { type: 'text/plain' });

  return [
    {
      method: 'GET',
      path: '/api/v1/info',
      async answer({ response }) {
        const [status, started] = await Promise.all([parts.status(), atStart]);
        const version = `v${status.version}`;
        sendJson(response, {
          Version: version,
          LatestVersion: version,
          Database: status.data,
          DatabaseSize: status.bytes,
          Messages: status.messages,
          Unread: status.unread,
          Tags: Object.fromEntries(await tags.count()),
          RuntimeStats: {
            Uptime: Math.floor((Date.now() - Date.parse(status.startedAt)) / 1000),
            Memory: status.memoryBytes,
            MessagesDeleted: Math.max(0, started + since.stored - status.messages),
            SMTPAccepted: since.accepted,
            SMTPAcceptedSize: since.acceptedSize,
            SMTPRejected: since.refused,
            SMTPIgnored: 0,
          },
        });
      },
    },
    {
      method: 'GET',
      path: '/api/v1/webui',
      answer: ({ response }) =>
        sendJson(response, {
          Label: '',
          MessageRelay: noRelay,
          SpamAssassin: false,
          ChaosEnabled: true,
          DuplicatesIgnored: false,
          HideDeleteAllButton: false,
        }),
    },
    {
      method: 'GET',
      path: '/api/v1/swagger.json',
      answer: ({ response }) => sendJson(response, swaggerDocument()),
    },
    { method: 'GET', path: '/livez', answer: isReady },
    { method: 'GET', path: '/readyz', answer: isReady },
  ];
}
