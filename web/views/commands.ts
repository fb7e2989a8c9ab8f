// What the command palette can do, from what the application knows just now.
import { formatEndpoint, formatMoment, formatSender, outcomes, plural } from '../format.ts';
import { copyText } from '../parts/copy-text.ts';
import { match, type Command } from '../parts/palette/command.ts';
import type { MessageSummary } from '../../shared/message.ts';
import type { SessionSummary } from '../../shared/session.ts';
import type { App } from '../state/app.svelte.ts';
import { comparePath, inboxPath, sessionPath } from '../state/route.svelte.ts';
import { offeredCommands } from './offered-commands.ts';
import { places, searchPath } from './place-commands.ts';

export interface FrameActions {
  help: () => void;
  /** Says shortly what was done. */
  say: (text: string) => void;
}

function looks({ preferences }: App): Command[] {
  const group = 'Actions';
  const { theme, density } = preferences.values;
  const themes = [
    ['light', 'Light colours', 'sun'],
    ['dark', 'Dark colours', 'moon'],
    ['system', 'Colours as the system', 'monitor'],
  ] as const;
  const densities = [
    ['dense', 'Dense rows', 'dense'],
    ['roomy', 'Roomy rows', 'rows'],
  ] as const;
  return [
    ...themes
      .filter(([value]) => value !== theme)
      .map(([value, label, icon]) => ({
        id: `theme-${value}`,
        group,
        label,
        icon,
        also: 'theme mode appearance',
        run: () => preferences.set({ theme: value }),
      })),
    ...densities
      .filter(([value]) => value !== density)
      .map(([value, label, icon]) => ({
        id: `density-${value}`,
        group,
        label,
        icon,
        also: 'density compact comfortable appearance',
        run: () => preferences.set({ density: value }),
      })),
  ];
}

function mailActions(app: App, { say }: FrameActions): Command[] {
  const group = 'Actions';
  const { status, allMessages, connect, router, inboxes } = app;
  const where = inboxes.areSeveral ? ' of all inboxes' : '';
  const messages = status.current?.messages ?? 0;
  const unread = status.current?.unread ?? 0;
  const send = (kind: 'html' | 'text' | 'attachment') => async (): Promise<void> => {
    const sent = await connect.sendSample(kind);
    if (sent) router.go(inboxPath(sent.messageId));
    else say('The sample could not be sent.');
  };
  const samples = [
    ['html', 'Send a sample mail'],
    ['text', 'Send a sample mail, text only'],
    ['attachment', 'Send a sample mail with an attachment'],
  ] as const;
  const all: Command[] = samples.map(([kind, label]) => ({
    id: `sample-${kind}`,
    group,
    label,
    icon: 'send',
    also: 'test example',
    run: () => void send(kind)(),
  }));
  if (unread > 0)
    all.push({
      id: 'mark-all-read',
      group,
      label: 'Mark all as read',
      detail: `${plural(unread, 'unread message')}${where}`,
      icon: 'mail-open',
      run: () => void allMessages.markRead(),
    });
  if (messages > 0)
    all.push({
      id: 'delete-all',
      group,
      label: 'Delete all messages',
      detail: `${plural(messages, 'message')}${where}; can be undone`,
      icon: 'trash',
      also: 'clear empty purge',
      run: () => void allMessages.delete(),
    });
  return all;
}

function serverActions(app: App, { say, help }: FrameActions): Command[] {
  const group = 'Actions';
  const copies = (app.status.current?.listeners ?? []).map((listener): Command => {
    const address = formatEndpoint({ address: listener.host, port: listener.port });
    return {
      id: `copy-${listener.name}`,
      group,
      label: `Copy the address of ${listener.name}`,
      detail: address,
      icon: 'copy',
      also: 'host port smtp',
      run: () => void copyText(address).then(() => say(`Copied ${address}`)),
    };
  });
  const downloadCa: Command = {
    id: 'download-ca',
    group,
    label: 'Download the CA certificate',
    icon: 'download',
    also: 'tls trust pem',
    run: () => window.location.assign('/api/ca.pem'),
  };
  return [
    ...copies,
    ...(app.connect.hasCa === false ? [] : [downloadCa]),
    { id: 'keys', group, label: 'Show the keys', icon: 'keyboard', keys: ['?'], also: 'help', run: help },
  ];
}

function toMessage(app: App, message: MessageSummary, group: string): Command {
  return {
    id: `${group}-${message.id}`,
    group,
    label: message.subject || '(no subject)',
    detail: `${formatSender(message.from, message.mailFrom)}, ${formatMoment(message.receivedAt)}`,
    icon: 'mail',
    isStrange: true,
    run: () => app.router.go(inboxPath(message.id)),
  };
}

function toSession(app: App, session: SessionSummary, group: string): Command {
  return {
    id: `${group}-${session.id}`,
    group,
    label: session.clientName ?? formatEndpoint(session.peer),
    detail: `${outcomes[session.outcome].word}, ${session.listener}, ${formatMoment(session.openedAt)}`,
    icon: 'activity',
    isStrange: true,
    run: () => app.router.go(sessionPath(session.id)),
  };
}

/** What is open with what was open before, and two chosen messages. */
function comparisons(app: App): Command[] {
  const { router, inbox, palette } = app;
  const group = 'Actions';
  const { current } = router;
  const chosen = [...inbox.selection.ids];
  const found: Command[] = [];
  if (current.view === 'inbox' && chosen.length === 2)
    found.push({
      id: 'compare-chosen',
      group,
      label: 'Compare the two selected messages',
      icon: 'compare',
      run: () => router.go(comparePath('inbox', chosen[0] ?? '', chosen[1] ?? '')),
    });
  if ((current.view !== 'inbox' && current.view !== 'sessions') || current.id === null) return found;
  const { view, id } = current;
  const other = palette.visits.find((visit) => visit.view === view && visit.id !== id);
  if (!other) return found;
  const message = view === 'inbox' ? inbox.list.find(other.id) : undefined;
  const session = view === 'sessions' ? app.sessions.list.find(other.id) : undefined;
  const name = message?.subject ?? session?.clientName ?? '';
  found.push({
    id: 'compare-before',
    group,
    label: `Compare with the ${view === 'inbox' ? 'message' : 'session'} open before`,
    ...(name === '' ? {} : { detail: name }),
    icon: 'compare',
    also: 'difference diff',
    isStrange: true,
    run: () => router.go(comparePath(view, other.id, id)),
  });
  return found;
}

/** Where one has been, but for what is open now. */
function recent(app: App): Command[] {
  const { current } = app.router;
  const openId = 'id' in current ? current.id : null;
  return app.palette.visits
    .filter(({ id }) => id !== openId)
    .flatMap(({ view, id }) => {
      if (view === 'inbox') {
        const message = app.inbox.list.find(id);
        return message ? toMessage(app, message, 'Recent') : [];
      }
      const session = app.sessions.list.find(id);
      return session ? toSession(app, session, 'Recent') : [];
    });
}

/** What stands in the palette for a text: commands and recent places, or what matches and what was found. */
export function makeCommands(app: App, actions: FrameActions): Command[] {
  const { text, messages, sessions } = app.palette;
  const query = text.trim();
  const offered = offeredCommands(app.palette, query !== '');
  const own = [
    ...places(app),
    ...comparisons(app),
    ...mailActions(app, actions),
    ...serverActions(app, actions),
    ...looks(app),
  ];
  if (query === '') return [...offered, ...recent(app), ...own];
  const found = [
    ...messages.map((message) => toMessage(app, message, 'Messages')),
    ...sessions.map((session) => toSession(app, session, 'Sessions')),
  ];
  const search: Command[] = [
    {
      id: 'search-messages',
      group: 'Search',
      label: `Messages with “${query}”`,
      icon: 'search',
      run: () => app.router.go(searchPath(app, query)),
    },
    {
      id: 'search-sessions',
      group: 'Search',
      label: `Sessions with “${query}”`,
      icon: 'search',
      run: () => app.router.go(sessionPath(null, null, null, query)),
    },
  ];
  return [...match([...offered, ...own], query).slice(0, 8), ...found, ...search];
}
