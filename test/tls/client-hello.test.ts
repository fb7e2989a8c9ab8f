// What is read from a ClientHello, checked against another implementation, a published fingerprint and hostile bytes.
import { Readable } from 'node:stream';
import fc from 'fast-check';
import {
  CIPHER_SUITES,
  EXTENSIONS,
  SIGNATURE_ALGORITHMS,
  SUPPORTED_GROUPS,
  calculateJa3,
  calculateJa4,
  readTlsClientHello,
} from 'read-tls-client-hello';
import { describe, expect, test } from 'vitest';
import { cipherSuites } from '../../server/smtp/tls/cipher-suites.ts';
import { extensionName, groupName, signatureName } from '../../server/smtp/tls/names.ts';
import type { ClientHello } from '../../shared/tls.ts';
import { needs } from '../support/tools.ts';
import * as make from './hello-bytes.ts';
import { nodeHello, opensslHello, pythonHello } from './real-hellos.ts';
import { watchClient } from './watch-client.ts';

function helloOf(bytes: Buffer): ClientHello {
  const { clientHello, steps } = watchClient(bytes);
  if (clientHello === null) throw new Error(`no ClientHello in ${JSON.stringify(steps)}`);
  return clientHello;
}

/** The other implementation reads one record only. */
async function expectSameFingerprints(bytes: Buffer): Promise<void> {
  const hello = helloOf(bytes);
  const theirs = await readTlsClientHello(Readable.from([bytes], { objectMode: false }));
  expect(hello.ja3).toBe(calculateJa3(theirs));
  expect(hello.ja4).toBe(calculateJa4(theirs));
}

describe('fingerprints equal those of another implementation', () => {
  test('for Node.js over TLS 1.3', async () =>
    expectSameFingerprints(await nodeHello({ servername: 'mail.test' })));
  test('for Node.js over TLS 1.2 without a server name', async () =>
    expectSameFingerprints(await nodeHello({ maxVersion: 'TLSv1.2' })));
  test('for Node.js with ALPN', async () =>
    expectSameFingerprints(await nodeHello({ ALPNProtocols: ['h2', 'http/1.1'] })));
  needs('openssl').test('for openssl s_client', async () =>
    expectSameFingerprints(await opensslHello('-servername', 'mail.test', '-alpn', 'smtp')),
  );
  needs('openssl').test('for openssl s_client over TLS 1.2', async () =>
    expectSameFingerprints(await opensslHello('-tls1_2')),
  );
  needs('python3').test('for Python', async () => expectSameFingerprints(await pythonHello()));
});

/** Chrome 107 as in the description of JA4, with its GREASE values. */
const chrome = make.helloMessage(
  [
    0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c,
    0x009d, 0x002f, 0x0035,
  ],
  [
    make.empty(0x1a1a),
    make.serverName('example.test'),
    make.empty(0x17),
    make.empty(0xff01),
    make.groups(0x4a4a, 29, 23, 24),
    make.pointFormats(0),
    make.empty(0x23),
    make.alpn('h2', 'http/1.1'),
    make.empty(5),
    make.signatures(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601),
    make.empty(0x12),
    make.keyShares([0x4a4a, 1], [29, 32]),
    make.empty(0x2d),
    make.versions(0xaaaa, 0x0304, 0x0303),
    make.empty(0x1b),
    make.empty(0x4469),
    make.empty(0x15),
  ],
);

test('the published JA4 fingerprint of Chrome comes out', () => {
  expect(helloOf(make.record(chrome)).ja4).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
});

test('GREASE is shown as such and everything else by its name', () => {
  expect(helloOf(make.record(chrome))).toMatchObject({
    sni: 'example.test',
    versions: ['GREASE', 'TLSv1.3', 'TLSv1.2'],
    groups: ['GREASE', 'x25519', 'secp256r1', 'secp384r1'],
    keyShares: ['GREASE', 'x25519'],
    alpn: ['h2', 'http/1.1'],
    resumption: false,
    records: 1,
    bytes: chrome.length + 5,
  });
  const { ciphers, extensions, signatureAlgorithms } = helloOf(make.record(chrome));
  expect(ciphers.slice(0, 3)).toEqual(['GREASE', 'TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384']);
  expect(extensions.slice(0, 2)).toEqual(['GREASE', 'server_name']);
  expect(signatureAlgorithms[0]).toBe('ecdsa_secp256r1_sha256');
});

test('names are those of the IANA registries', () => {
  for (const [id, name] of Object.entries(cipherSuites)) expect(name).toBe(CIPHER_SUITES[Number(id)]);
  const known = (table: object): [number, string][] =>
    Object.entries(table).map(([id, name]) => [Number(id), String(name)]);
  for (const [id, name] of known(SUPPORTED_GROUPS)) expect([name, hex(id)]).toContain(groupName(id));
  for (const [id, name] of known(SIGNATURE_ALGORITHMS)) expect([name, hex(id)]).toContain(signatureName(id));
  for (const [id, name] of known(EXTENSIONS)) expect([name, hex(id)]).toContain(extensionName(id));
});

const hex = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;

test('a ticket and a pre-shared key count as an offer to resume', async () => {
  const withTicket = make.record(make.helloMessage([0xc02b], [[35, Buffer.alloc(16)]]));
  expect(helloOf(withTicket).resumption).toBe(true);
  expect(helloOf(make.record(make.helloMessage([0xc02b], [make.empty(35)]))).resumption).toBe(false);
});

test('a hello without extensions is read, as SSLv3 clients send it', () => {
  const hello = helloOf(make.record(make.helloMessage([0x002f, 0x0035], null, 0x0300)));
  expect(hello).toMatchObject({ sni: null, versions: ['SSLv3'], ja3Text: '768,47-53,,,', extensions: [] });
});

test('bytes that are no text in a server name are shown as escapes', () => {
  const hello = helloOf(make.record(make.helloMessage([0x1301], [make.serverName('a\x1b[31m\xe9')])));
  expect(hello.sni).toBe('a\\x1b[31m\\xe9');
});

test('every proper beginning of a hello is TLS and no hello yet', async () => {
  const bytes = await nodeHello({ servername: 'mail.test' });
  for (let length = 0; length < bytes.length; length++)
    expect(watchClient(bytes.subarray(0, length))).toMatchObject({
      clientHello: null,
      notTls: null,
      steps: [],
    });
  expect(helloOf(bytes).sni).toBe('mail.test');
});

test('a hello spread over 2 to 16 records is the same hello', () => {
  const whole = helloOf(make.record(chrome));
  for (let records = 2; records <= 16; records++) {
    const bytes = make.refragment(chrome, records);
    expect(helloOf(bytes)).toEqual({ ...whole, bytes: bytes.length, records });
  }
});

test('a hello that is longer than any is noted with its length, not kept', () => {
  const endless = Buffer.concat([Buffer.from([1, 0xff, 0xff, 0xff]), Buffer.alloc(100)]);
  expect(watchClient(make.record(endless))).toMatchObject({
    clientHello: null,
    steps: [{ name: 'ClientHello', bytes: 4 + 0xffffff }],
  });
});

test('5,000 damaged hellos never throw', () => {
  const original = make.record(chrome);
  const edit = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), fc.nat(original.length), (edits, length) => {
      const bytes = Buffer.from(original);
      for (const [at, value] of edits) bytes[at] = value;
      watchClient(bytes);
      watchClient(bytes.subarray(0, length));
      // Behind an intact record header more of them reach the parser of the message.
      watchClient(make.record(bytes.subarray(5)));
    }),
    { numRuns: 5_000, seed: 20_260_101 },
  );
});
