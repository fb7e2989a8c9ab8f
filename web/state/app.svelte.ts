// Makes the state classes once and hands them down by context.
import { createContext } from 'svelte';
import { connect as makeClient } from '../../shared/client/client.ts';
import { formatEndpoint, visible } from '../format.ts';
import { AllMessages } from './all-messages.svelte.ts';
import type { Client } from './client.ts';
import { Connect } from './connect.svelte.ts';
import { Faults } from './faults.svelte.ts';
import { Inbox } from './inbox.svelte.ts';
import { Inboxes } from './inboxes.svelte.ts';
import { Live } from './live.svelte.ts';
import { Login } from './login.svelte.ts';
import { Notifications } from './notifications.svelte.ts';
import { OpenMessage } from './open-message.svelte.ts';
import { OpenSession } from './open-session.svelte.ts';
import { Palette } from './palette.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { RawSource } from './raw-source.svelte.ts';
import { inboxPath, Router } from './route.svelte.ts';
import { Sessions } from './sessions.svelte.ts';
import { ServerStatus } from './status.svelte.ts';
import { Work } from './work.svelte.ts';

const retryMs = 2000;

export class App {
  readonly client: Client;
  readonly work = new Work();
  readonly router: Router;
  readonly preferences: Preferences;
  readonly live: Live;
  readonly status: ServerStatus;
  readonly inbox: Inbox;
  readonly inboxes: Inboxes;
  readonly faults: Faults;
  readonly sessions: Sessions;
  readonly openMessage: OpenMessage;
  readonly openSession: OpenSession;
  readonly raw: RawSource;
  readonly connect: Connect;
  readonly palette: Palette;
  readonly allMessages: AllMessages;
  readonly notifications: Notifications;
  readonly login: Login;
  /** What was just done, said shortly. */
  said = $state.raw<{ text: string } | null>(null);

  constructor(window: Window & typeof globalThis) {
    const { origin } = window.location;
    // Without an own `fetch`, the client uses the page's.
    const client = makeClient(origin, {
      fetch: async (...given) => {
        const answer = await this.work.track(window.fetch(...given));
        if (answer.status === 401) this.login.refused();
        return answer;
      },
      // By it the server knows calls of the page, also where browsers send no Sec-Fetch headers.
      headers: { 'X-Mailscope': '1' },
    });
    this.client = client;
    this.login = new Login(client);
    this.router = new Router(window);
    this.preferences = new Preferences(window);
    this.live = new Live(origin);
    this.status = new ServerStatus(client);
    this.sessions = new Sessions(client);
    this.inbox = new Inbox(client, { moreValues: () => ({ client: this.sessions.clientNames() }) });
    this.inboxes = new Inboxes(client);
    this.faults = new Faults(client);
    this.openMessage = new OpenMessage(client, (message) => {
      if (!message.read) void this.inbox.mark([message.id], true);
    });
    this.openSession = new OpenSession(client, this.live, (session) => this.sessions.note(session));
    this.raw = new RawSource(origin);
    this.connect = new Connect(client);
    this.palette = new Palette(client);
    this.allMessages = new AllMessages(client);
    this.notifications = new Notifications(window, (id) => this.router.go(inboxPath(id)));
  }

  /** What the open message or session is called. */
  get opened(): string {
    const { current } = this.router;
    const { message } = this.openMessage;
    const { session } = this.openSession;
    if (current.view === 'inbox' && message && message.id === current.id)
      return visible(message.subject) || '(no subject)';
    if (current.view === 'sessions' && session && session.id === current.id)
      return visible(session.clientName ?? formatEndpoint(session.peer));
    return '';
  }

  say(text: string): void {
    this.said = { text };
  }

  /** Listens first, then loads; returns what ends it. */
  start(): () => void {
    let stopped = false;
    const ends = [
      this.router.start(),
      this.status.listen(this.live),
      this.inboxes.listen(this.live),
      this.faults.listen(this.live),
      this.inbox.listen(this.live),
      this.sessions.listen(this.live),
      this.openMessage.listen(this.live),
      this.openSession.listen(),
      this.notifications.listen(this.live),
      () => this.live.close(),
    ];
    const begin = async (): Promise<void> => {
      const status = await this.status.refresh();
      if (stopped) return;
      if (!status) {
        setTimeout(() => void begin(), retryMs);
        return;
      }
      this.live.open(status.cursor);
      await Promise.all([
        this.inboxes.load(),
        this.faults.load(),
        this.inbox.list.reload(),
        this.sessions.list.reload(),
      ]);
    };
    void begin();
    return () => {
      stopped = true;
      for (const end of ends) end();
    };
  }
}

export const [getApp, setApp] = createContext<App>();
