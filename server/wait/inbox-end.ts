// Ends a wait when the inbox that it is about goes.
import { MailscopeError } from '../../shared/errors.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import type { Hub } from './hub.ts';

/** Aborted with `not_found` once the inbox is deleted or its time is over; another one of that name is another one. */
export function watchInboxEnd(
  hub: Pick<Hub, 'listen'>,
  view: InboxView,
): { readonly signal: AbortSignal } & Disposable {
  const end = new AbortController();
  const stop =
    view === null
      ? () => undefined
      : hub.listen(({ type, payload }) => {
          if (type !== 'inbox:deleted' || payload.name !== view) return;
          end.abort(
            new MailscopeError('not_found', `The inbox ${view} was deleted while this waited for it.`, {
              hint: 'It was deleted by a call, or its ttl was over. Make it again, and wait in the new one.',
            }),
          );
        });
  return { signal: end.signal, [Symbol.dispose]: stop };
}
