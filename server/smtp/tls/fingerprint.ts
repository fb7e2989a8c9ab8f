// Fingerprints of a TLS client by what its ClientHello offers: JA3, and the client part of JA4 (BSD 3-Clause,
// https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md). The rest of JA4+ has another licence.
import { createHash } from 'node:crypto';
import type { HelloFields } from './hello-fields.ts';
import { isGrease } from './names.ts';

const withoutGrease = (values: number[]): number[] => values.filter((value) => !isGrease(value));

export function formatJa3Text(hello: HelloFields): string {
  return [
    hello.legacyVersion,
    withoutGrease(hello.ciphers).join('-'),
    withoutGrease(hello.extensions).join('-'),
    withoutGrease(hello.groups).join('-'),
    hello.pointFormats.join('-'),
  ].join(',');
}

export const formatJa3 = (text: string): string => createHash('md5').update(text).digest('hex');

export function formatJa4(hello: HelloFields): string {
  const ciphers = withoutGrease(hello.ciphers);
  const extensions = withoutGrease(hello.extensions);
  const sni = hello.extensions.includes(0) ? 'd' : 'i';
  const start = `t${ja4Version(hello)}${sni}${ja4Count(ciphers)}${ja4Count(extensions)}${ja4Alpn(hello.alpn[0])}`;

  // The order of server_name (0) and ALPN (16) tells nothing: they depend on the destination.
  const listed = sortedHex(extensions.filter((type) => type !== 0 && type !== 16));
  const signatures = withoutGrease(hello.signatureAlgorithms).map(hex4).join(',');
  const end = signatures ? `${listed}_${signatures}` : listed;
  return `${start}_${ja4Hash(sortedHex(ciphers))}_${ja4Hash(extensions.length ? end : '')}`;
}

function ja4Version(hello: HelloFields): string {
  const versions = withoutGrease(hello.versions);
  const highest = versions.reduce((most, version) => Math.max(most, version), 0) || hello.legacyVersion;
  const codes: Record<number, string> = {
    0x0304: '13',
    0x0303: '12',
    0x0302: '11',
    0x0301: '10',
    0x0300: 's3',
    0x0002: 's2',
  };
  return codes[highest] ?? '00';
}

function ja4Alpn(protocol: Buffer | undefined): string {
  if (!protocol || protocol.length === 0) return '00';
  const text = protocol.toString('latin1');
  const ends = `${text.at(0)}${text.at(-1)}`;
  if (/^[0-9A-Za-z]{2}$/.test(ends)) return ends;
  const digits = protocol.toString('hex');
  return `${digits.at(0)}${digits.at(-1)}`;
}

const ja4Count = (values: number[]): string => String(Math.min(values.length, 99)).padStart(2, '0');
const hex4 = (value: number): string => value.toString(16).padStart(4, '0');
const sortedHex = (values: number[]): string => values.map(hex4).sort().join(',');
const ja4Hash = (text: string): string =>
  text === '' ? '000000000000' : createHash('sha256').update(text).digest('hex').slice(0, 12);
