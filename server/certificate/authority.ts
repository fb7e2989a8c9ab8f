// Makes the local CA and the server certificates that it signs, so that strict verifiers take them (RFC 5280;
// Python 3.13 and OpenSSL -x509_strict refuse a CA without keyUsage and a leaf without key identifiers). The only
// file that knows the X.509 library, which is loaded when something has to be made and not before.
import { createPrivateKey, KeyObject, randomBytes, X509Certificate, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { ownCaName } from '../../shared/own-ca.ts';

export interface KeyPair {
  /** PEM, PKCS #8. */
  key: string;
  /** PEM. */
  cert: string;
}

const day = 86_400_000;
/** So that a client whose clock is a little behind takes it too. */
const clockSkew = 3_600_000;
const authorityDays = 3_650;
/** Apple refuses server certificates of more than 825 days. */
const leafDays = 820;

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function loadX509() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

export async function createAuthority(now: Date): Promise<KeyPair> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  // A name of its own, because some verifiers look issuers up by name and two machines may trust each other's.
  const name = `CN=${ownCaName} ${randomBytes(3).toString('hex')}, O=Mailscope`;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name,
    notBefore: new Date(now.getTime() - clockSkew),
    notAfter: new Date(now.getTime() + authorityDays * day),
    signingAlgorithm: ecdsa,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await exportKey(keys.privateKey), cert: `${certificate.toString('pem')}\n` };
}

export async function createLeaf(authority: KeyPair, names: string[], now: Date): Promise<KeyPair> {
  const x509 = await loadX509();
  const issuer = new x509.X509Certificate(authority.cert);
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(authority.key).export({ type: 'pkcs8', format: 'der' }),
    ecdsa,
    false,
    ['sign'],
  );
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  const end = now.getTime() + leafDays * day;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: [{ CN: [names[0] ?? 'localhost'] }, { O: ['Mailscope'] }],
    issuer: issuer.subjectName,
    notBefore: new Date(now.getTime() - clockSkew),
    notAfter: new Date(Math.min(end, issuer.notAfter.getTime())),
    signingAlgorithm: ecdsa,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await exportKey(keys.privateKey), cert: `${certificate.toString('pem')}\n` };
}

/** True when the pair belongs together. Never throws. */
export function isKeyPair({ key, cert }: KeyPair): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets. */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes.readUInt8(0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
