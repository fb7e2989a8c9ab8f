// From how near a client comes.
import type { Session } from '../../session.ts';

/** Loopback, or a network of one's own (RFC 1918, RFC 4193, RFC 3927, RFC 4291 2.5.6), such as that of containers. */
export function nearnessOf(address: string): 'machine' | 'network' | 'far' {
  const text = address.toLowerCase();
  if (/^127\.|^::1$|^::ffff:127\./.test(text)) return 'machine';
  const isOwn = /^(?:::ffff:)?(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)|^f[cd]|^fe[89ab]/;
  return isOwn.test(text) ? 'network' : 'far';
}

/** Who is at the other end of the connection itself: a proxy, where one tells of the client behind it. */
export const hopOf = ({
  peer,
  socketPeer,
  proxy,
  xclient,
}: Pick<Session, 'peer' | 'socketPeer' | 'proxy' | 'xclient'>): Session['peer'] =>
  proxy !== null || xclient.length > 0 ? socketPeer : peer;
