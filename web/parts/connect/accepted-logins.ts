// Which logins are accepted, as the first words of a sentence.
import type { ListenerStatus } from '../../../shared/status.ts';

export function acceptedLogins(listeners: readonly ListenerStatus[]): string {
  const offers = listeners.filter(({ auth }) => auth !== 'none');
  if (listeners.length > 0 && offers.length === 0) return 'No login is needed';
  return offers.every(({ anyLogin }) => anyLogin)
    ? 'Any login is accepted'
    : 'Only the logins of --user and of the inboxes are accepted';
}
