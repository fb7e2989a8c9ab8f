// From a running listener to what the placeholders of snippets stand for.
import type { ListenerStatus } from '../../shared/status.ts';
import type { Settings, TlsMode } from './snippet.ts';

const modes: Record<ListenerStatus['tls'], TlsMode> = {
  none: 'none',
  offered: 'starttls',
  required: 'starttls',
  implicit: 'implicit',
};
const wildcards = new Set(['0.0.0.0', '::', '']);
const loopback = /^(?:127(?:\.\d+){3}|::1|localhost)$/;

/** `page` is where the browser has this page from: it gives the host of a listener that listens everywhere. */
export function settingsOf(listener: ListenerStatus, page: URL, wantsLogin: boolean): Settings {
  const pageHost = page.hostname.replace(/^\[|\]$/g, '');
  const host = wildcards.has(listener.host) ? pageHost : listener.host;
  return {
    host,
    name: loopback.test(host) ? 'localhost' : host,
    port: listener.port,
    tls: modes[listener.tls],
    hasLogin: listener.auth === 'required' || (wantsLogin && listener.auth !== 'none'),
    user: listener.anyLogin ? 'app' : 'YOUR_USER',
    password: listener.anyLogin ? 'secret' : 'YOUR_PASSWORD',
    url: page.origin,
  };
}
