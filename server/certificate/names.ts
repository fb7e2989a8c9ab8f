// The names in a server certificate.
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { Refusal } from '../refusal.ts';

/** How an application on this machine, or in a container beside it, reaches us. */
const usualNames = ['localhost', '127.0.0.1', '::1', 'host.docker.internal', 'mailscope'];

/** The usual names and the further ones, each once, in the form that certificates have. */
export function certificateNames(further: string[]): string[] {
  return [...new Set([...usualNames, ...further.map(checkedName)])];
}

function checkedName(name: string): string {
  const bare = name.trim().replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare)) return shortAddress(bare);
  const wildcard = bare.startsWith('*.') ? '*.' : '';
  const host = domainToASCII(bare.slice(wildcard.length)).toLowerCase().replace(/\.$/, '');
  // RFC 5280 §4.2.1.6 with the underscore, which container names have.
  if (/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(host) && host.length <= 253) return wildcard + host;
  throw new Refusal(
    `The certificate name "${name}" cannot be used. It is neither a host name nor an IP address. Give one like mail.test, *.mail.test or 192.168.1.5.`,
  );
}

/** Node writes `DNS:localhost, IP Address:0:0:0:0:0:0:0:1`. */
export function namesOf(certificate: X509Certificate): string[] {
  return (certificate.subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [, kind, name = ''] = /^(DNS|IP Address):(.+)$/.exec(entry) ?? [];
    return kind === undefined ? [] : [kind === 'DNS' ? name : shortAddress(name)];
  });
}

const shortAddress = (address: string): string =>
  isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
