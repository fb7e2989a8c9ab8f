// Says what this Mailscope is, where it listens and what it holds.
import { isInView } from '../shared/inbox-view.ts';
import type { SessionSummary } from '../shared/session.ts';
import type { Status } from '../shared/status.ts';
import { isoOf } from './clock.ts';
import type { Config } from './config/read-config.ts';
import { version } from './paths.ts';
import { residentBytes } from './resident-memory.ts';
import type { StorageWatch } from './storage-watch.ts';
import type { Store } from './store/store.ts';

interface Parts {
  store: Store;
  storage: Pick<StorageWatch, 'status'>;
  config: Config;
  startedUs: number;
  /** Those that are open, in the order of the configuration. */
  listeners: { port: number; url: string }[];
  web: string;
  openSessions(): number;
  running: { list(): SessionSummary[] };
  issues: { countOpen(): number };
}

/** With the counts of one inbox, or of all. */
export const statusReader =
  ({ store, storage, config, startedUs, listeners, web, openSessions, running, issues }: Parts) =>
  async (inbox: string | null): Promise<Status> => {
    const counts = await store.counts(inbox);
    const anyLogin = config.auth.users.length === 0;
    return {
      name: 'mailscope',
      version,
      startedAt: isoOf(startedUs),
      storeId: store.id,
      cursor: store.cursor(),
      data: config.data,
      listeners: config.listeners.map(({ name, host, protocol, tls, auth }, index) => {
        const { port, url } = listeners[index]!;
        return { name, url, host, port, protocol, tls, auth, anyLogin };
      }),
      http: web,
      messages: counts.messages,
      unread: counts.unread,
      sessions: counts.sessions,
      openSessions:
        inbox === null ? openSessions() : running.list().filter((one) => isInView(one, inbox)).length,
      ...(inbox === null ? { openIssues: issues.countOpen() } : {}),
      bytes: counts.bytes,
      bounceAddresses: config.bounceAddresses,
      limits: { ...config.retention, maxSize: config.limits.maxSize },
      storage: storage.status(),
      memoryBytes: residentBytes(),
    };
  };
