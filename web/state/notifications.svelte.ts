// Notifications of the desktop about new mail: only after they were asked for by a button, and only while the page
// is not looked at.
import type { MessageSummary } from '../../shared/message.ts';
import { formatSender, plural, visible } from '../format.ts';
import type { Feed } from './live.svelte.ts';

const key = 'mailscope:notifications';
/** Mail that comes together is told together. */
const gatherMs = 1000;
const longest = 120;

type Permission = 'granted' | 'denied' | 'default';
interface Shown {
  onclick: ((this: never, event: never) => unknown) | null;
  close(): void;
}
/** What this needs of the browser. */
export interface Desktop {
  /** Absent where the page is not from a secure context. */
  Notification?: {
    new (title: string, options: { body: string; tag: string }): Shown;
    readonly permission: Permission;
    requestPermission(): Promise<Permission>;
  };
  document: { readonly hidden: boolean };
  localStorage: Pick<Storage, 'getItem' | 'setItem'>;
  focus(): void;
}

export class Notifications {
  isOn = $state(false);
  permission = $state<Permission | 'missing'>('missing');

  readonly #desktop: Desktop;
  readonly #onopen: (id: string) => void;
  readonly #gatherMs: number;
  #news: MessageSummary[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(desktop: Desktop, onopen: (id: string) => void, options: { gatherMs?: number } = {}) {
    this.#desktop = desktop;
    this.#onopen = onopen;
    this.#gatherMs = options.gatherMs ?? gatherMs;
    this.permission = desktop.Notification?.permission ?? 'missing';
    this.isOn = this.permission === 'granted' && this.#read();
  }

  /** On or off; asks the browser's leave where it was not given yet. */
  async toggle(): Promise<void> {
    const { Notification } = this.#desktop;
    if (!Notification) return;
    if (!this.isOn) this.permission = await Notification.requestPermission();
    this.isOn = !this.isOn && this.permission === 'granted';
    try {
      this.#desktop.localStorage.setItem(key, this.isOn ? 'on' : 'off');
    } catch {
      // The choice then holds for this page only.
    }
  }

  listen(feed: Feed): () => void {
    const stop = feed.listen({
      event: ({ type, payload }) => {
        if (type === 'message:stored') this.#take(payload.message);
      },
    });
    return () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      stop();
    };
  }

  #take(message: MessageSummary): void {
    if (!this.isOn || !this.#desktop.document.hidden) return;
    this.#news.push(message);
    this.#timer ??= setTimeout(() => this.#tell(), this.#gatherMs);
  }

  #tell(): void {
    const news = this.#news;
    this.#news = [];
    this.#timer = undefined;
    const last = news.at(-1);
    if (!last || !this.#desktop.Notification || !this.#desktop.document.hidden) return;
    const sender = visible(formatSender(last.from, last.mailFrom)).slice(0, longest);
    const subject = visible(last.subject).slice(0, longest) || '(no subject)';
    const title = news.length === 1 ? sender : plural(news.length, 'new message');
    const body = news.length === 1 ? subject : `${sender}: ${subject}`;
    // One tag: the newest takes the place of the one before.
    const shown = new this.#desktop.Notification(title, { body, tag: 'mailscope' });
    shown.onclick = () => {
      this.#desktop.focus();
      this.#onopen(last.id);
      shown.close();
    };
  }

  #read(): boolean {
    try {
      return this.#desktop.localStorage.getItem(key) === 'on';
    } catch {
      return false;
    }
  }
}
