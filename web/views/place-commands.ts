// Where the command palette goes to.
import { plural } from '../format.ts';
import type { Command } from '../parts/palette/command.ts';
import type { App } from '../state/app.svelte.ts';
import { inboxPath, sessionPath } from '../state/route.svelte.ts';

/** A search stays in the inbox that is looked at. */
export const searchPath = ({ router: { current } }: App, query: string): string =>
  inboxPath(null, null, query, current.view === 'inbox' ? current.inbox : null);

export function places(app: App): Command[] {
  const { router, inboxes } = app;
  const group = 'Go to';
  const to = (path: string) => () => router.go(path);
  return [
    { id: 'go-inbox', group, label: 'Inbox', icon: 'inbox', keys: ['g', 'i'], run: to('/inbox') },
    { id: 'go-sessions', group, label: 'Sessions', icon: 'activity', keys: ['g', 's'], run: to('/sessions') },
    {
      id: 'go-connect',
      group,
      label: 'Connect',
      also: 'settings snippets setup client host port laravel django nodemailer',
      icon: 'plug',
      keys: ['g', 'c'],
      run: to('/connect'),
    },
    {
      id: 'go-faults',
      group,
      label: 'Faults',
      also: 'simulate failure error bounce greylist timeout chaos',
      icon: 'zap',
      keys: ['g', 'f'],
      run: to('/faults'),
    },
    {
      id: 'go-issues',
      group,
      label: 'Issues',
      also: 'problems errors findings diagnose explain paste',
      icon: 'issue',
      keys: ['g', 'p'],
      run: to('/issues'),
    },
    { id: 'go-settings', group, label: 'Settings', icon: 'settings', keys: ['g', ','], run: to('/settings') },
    {
      id: 'go-unread',
      group,
      label: 'Unread messages',
      icon: 'mail',
      run: to(searchPath(app, 'is:unread')),
    },
    {
      id: 'go-pinned',
      group,
      label: 'Pinned messages',
      icon: 'star',
      run: to(searchPath(app, 'is:pinned')),
    },
    {
      id: 'go-running',
      group,
      label: 'Running sessions',
      icon: 'activity',
      run: to(sessionPath(null, null, null, 'is:open')),
    },
    ...(inboxes.areSeveral ? (inboxes.all ?? []) : []).map(({ name, unread }): Command => ({
      id: `go-inbox-${name}`,
      group,
      label: `Inbox ${name}`,
      ...(unread > 0 ? { detail: `${plural(unread, 'unread message')}` } : {}),
      icon: 'inbox',
      run: to(inboxPath(null, null, null, name)),
    })),
  ];
}
