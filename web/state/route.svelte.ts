// The address bar as state. Everything that can be looked at has a URL.
import type { InboxView } from '../../shared/inbox-view.ts';

export const messageTabs = [
  'preview',
  'text',
  'headers',
  'structure',
  'source',
  'attachments',
  'envelope',
  'links',
  'checks',
] as const;
export type MessageTab = (typeof messageTabs)[number];
export const sessionTabs = ['transcript', 'overview', 'export'] as const;
export type SessionTab = (typeof sessionTabs)[number];

export type Route =
  | {
      view: 'inbox';
      id: string | null;
      tab: MessageTab | null;
      query: string | null;
      /** null: all inboxes. */
      inbox: InboxView;
      /** A byte of the source. */
      byte: number | null;
    }
  | { view: 'sessions'; id: string | null; tab: SessionTab | null; line: number | null; query: string | null }
  | { view: 'compare-messages' | 'compare-sessions'; left: string; right: string }
  | { view: 'faults'; rule: string | null; preset: string | null }
  /** null: those that are open. */
  | { view: 'issues'; id: string | null; state: string | null }
  | { view: 'connect' | 'settings' }
  | { view: 'unknown'; path: string };

/** Tabs that once had another name; their URLs are in people's notes. */
const formerTabs: Record<string, string> = { raw: 'source' };

function oneOf<T extends string>(known: readonly T[], value: string | undefined): T | null {
  const wanted = (value !== undefined && Object.hasOwn(formerTabs, value) && formerTabs[value]) || value;
  return known.find((name) => name === wanted) ?? null;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function readNumber(given: URLSearchParams, name: string): number | null {
  const text = given.get(name);
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

export function parseRoute(path: string, search = ''): Route {
  const [view = 'inbox', id, second, third, ...rest] = path.split('/').filter(Boolean).map(decode);
  const unknown: Route = { view: 'unknown', path };
  if (rest.length > 0) return unknown;
  if (view === 'connect' || view === 'settings') return id === undefined ? { view } : unknown;
  if (view === 'faults') {
    const given = new URLSearchParams(search);
    return id === undefined
      ? { view, rule: given.get('rule') || null, preset: given.get('preset') || null }
      : unknown;
  }
  if (view === 'issues')
    return second === undefined
      ? { view, id: id ?? null, state: new URLSearchParams(search).get('state') || null }
      : unknown;
  if (view !== 'inbox' && view !== 'sessions') return unknown;
  if (id === 'compare') {
    if (second === undefined || third === undefined) return unknown;
    const noun = view === 'inbox' ? 'messages' : 'sessions';
    return { view: `compare-${noun}`, left: second, right: third };
  }
  if (third !== undefined) return unknown;
  const given = new URLSearchParams(search);
  const query = given.get('q') || null;
  if (view === 'inbox')
    return {
      view,
      id: id ?? null,
      tab: oneOf(messageTabs, second),
      query,
      inbox: given.get('inbox') || null,
      byte: readNumber(given, 'byte'),
    };
  const line = readNumber(given, 'line');
  return { view, id: id ?? null, tab: oneOf(sessionTabs, second), line, query };
}

type Id = string | null | undefined;

function makePath(segments: readonly (string | null | undefined)[], given: Record<string, unknown>): string {
  const path = segments.map((segment) => (segment ? `/${encodeURIComponent(segment)}` : '')).join('');
  const search = new URLSearchParams(
    Object.entries(given).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]])),
  ).toString();
  return search === '' ? path : `${path}?${search}`;
}

export const inboxPath = (
  id?: Id,
  tab?: MessageTab | null,
  query?: string | null,
  inbox?: InboxView,
  byte?: number,
): string => makePath(['inbox', id, id && tab], { byte, q: query || null, inbox: inbox || null });

export const sessionPath = (
  id?: Id,
  tab?: SessionTab | null,
  line?: number | null,
  query?: string | null,
): string => makePath(['sessions', id, id && tab], { line, q: query || null });

/** At a rule, or with a new one that begins with a preset. */
export const faultsPath = (given: { rule?: string; preset?: string } = {}): string =>
  makePath(['faults'], given);

export const issuesPath = (id?: Id, state?: string | null): string =>
  makePath(['issues', id], { state: state || null });

export const comparePath = (view: 'inbox' | 'sessions', left: string, right: string): string =>
  makePath([view, 'compare', left, right], {});

export class Router {
  current = $state.raw<Route>({ view: 'inbox', id: null, tab: null, query: null, inbox: null, byte: null });
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
    this.#read();
  }

  /** Follows the address bar and plain clicks on links of ours, until the returned function is called. */
  start(): () => void {
    const read = (): void => this.#read();
    const click = (event: MouseEvent): void => this.#follow(event);
    this.#window.addEventListener('popstate', read);
    this.#window.document.addEventListener('click', click);
    return () => {
      this.#window.removeEventListener('popstate', read);
      this.#window.document.removeEventListener('click', click);
    };
  }

  go(path: string, options: { replace?: boolean } = {}): void {
    const { pathname, search } = this.#window.location;
    if (path === pathname + search) return;
    this.#window.history[options.replace ? 'replaceState' : 'pushState'](null, '', path);
    this.#read();
  }

  #read(): void {
    const { pathname, search } = this.#window.location;
    this.current = parseRoute(pathname, search);
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href, this.#window.location.href);
    if (url.origin !== this.#window.location.origin) return;
    if (parseRoute(url.pathname).view === 'unknown') return;
    // A place on this page is the browser's to go to.
    const { pathname, search } = this.#window.location;
    if (url.hash && url.pathname + url.search === pathname + search) return;
    event.preventDefault();
    this.go(url.pathname + url.search + url.hash);
  }
}
