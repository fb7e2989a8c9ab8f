// The address bar as state. Everything that can be looked at has a URL.
export const messageTabs = ['preview', 'text', 'headers', 'structure', 'raw', 'envelope'] as const;
export type MessageTab = (typeof messageTabs)[number];
export const sessionTabs = ['transcript', 'overview'] as const;
export type SessionTab = (typeof sessionTabs)[number];

export type Route =
  | { view: 'inbox'; id: string | null; tab: MessageTab | null }
  | { view: 'sessions'; id: string | null; tab: SessionTab | null; line: number | null }
  | { view: 'unknown'; path: string };

function oneOf<T extends string>(known: readonly T[], value: string | undefined): T | null {
  return known.find((name) => name === value) ?? null;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export function parseRoute(path: string, search = ''): Route {
  const [view = 'inbox', id, tab, ...rest] = path.split('/').filter(Boolean).map(decode);
  if (rest.length === 0 && view === 'inbox') return { view, id: id ?? null, tab: oneOf(messageTabs, tab) };
  if (rest.length === 0 && view === 'sessions') {
    const line = new URLSearchParams(search).get('line');
    const number = line !== null && /^\d{1,9}$/.test(line) ? Number(line) : null;
    return { view, id: id ?? null, tab: oneOf(sessionTabs, tab), line: number };
  }
  return { view: 'unknown', path };
}

export const inboxPath = (id?: string | null, tab?: MessageTab | null): string =>
  ['/inbox', id && encodeURIComponent(id), id && tab].filter(Boolean).join('/');

export function sessionPath(id?: string | null, tab?: SessionTab | null, line?: number | null): string {
  const path = ['/sessions', id && encodeURIComponent(id), id && tab].filter(Boolean).join('/');
  return line == null ? path : `${path}?line=${line}`;
}

export class Router {
  current = $state.raw<Route>({ view: 'inbox', id: null, tab: null });
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
    event.preventDefault();
    this.go(url.pathname + url.search);
  }
}
