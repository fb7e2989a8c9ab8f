// The user's own key and certificate: every mistake is found at start and said in full, not at the first handshake.
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { Refusal } from '../refusal.ts';

export interface OwnFiles {
  key: string;
  /** The whole chain, leaf first. */
  cert: string;
  leaf: X509Certificate;
}

export async function readOwnFiles(
  keyFile: string | undefined,
  certFile: string | undefined,
  now: Date,
): Promise<OwnFiles> {
  if (!keyFile || !certFile)
    throw new Refusal(
      `TLS cannot be set up. Only a ${keyFile ? 'key' : 'certificate'} file was given, and both are needed. Give the ${keyFile ? 'certificate' : 'key'} file too, or neither to have a certificate made.`,
    );
  const keyText = await readText(keyFile, 'key');
  const certText = await readText(certFile, 'certificate');
  const chain = parseChain(certFile, certText);
  const leaf = chain[0]!;
  const key = parseKey(keyFile, keyText);
  checkMatch(keyFile, certFile, key, chain);
  checkDates(certFile, leaf, now);
  checkUse(keyFile, certFile, keyText, certText);
  return { key: keyText, cert: certText, leaf };
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'There is no such file',
      EACCES: 'This user may not read it',
      EISDIR: 'It is a folder',
    };
    throw new Refusal(
      `The TLS ${what} file ${path} cannot be read. ${reasons[code ?? ''] ?? message}. Check the path and the permissions.`,
      { cause: error },
    );
  }
}

function parseChain(path: string, text: string): X509Certificate[] {
  const blocks = text.match(
    /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g,
  );
  if (!blocks)
    throw new Refusal(
      `The TLS certificate file ${path} has no certificate in it. ${text.includes('PRIVATE KEY') ? 'It holds a private key' : 'It is not PEM, or empty'}. Give the file that has "-----BEGIN CERTIFICATE-----" in it, the certificate of the server first.`,
    );
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw new Refusal(
      `The TLS certificate file ${path} cannot be parsed. ${(error as Error).message}. Check it with: openssl x509 -in ${path} -noout -text`,
      { cause: error },
    );
  }
}

function parseKey(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    const isEncrypted = text.includes('ENCRYPTED');
    throw new Refusal(
      isEncrypted
        ? `The TLS key file ${path} cannot be used. It is encrypted with a passphrase. Decrypt it with: openssl pkey -in ${path} -out key.pem`
        : `The TLS key file ${path} has no usable private key in it. ${text.includes('BEGIN CERTIFICATE') ? 'It holds a certificate' : 'It is not PEM, or damaged'}. Give the file that has "-----BEGIN PRIVATE KEY-----" in it.`,
      { cause: error },
    );
  }
}

function checkMatch(keyFile: string, certFile: string, key: KeyObject, chain: X509Certificate[]): void {
  if (chain[0]!.checkPrivateKey(key)) return;
  const at = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  throw new Refusal(
    at > 0
      ? `The TLS certificate file ${certFile} is in the wrong order. The key belongs to certificate ${at + 1} of ${chain.length}. Put the certificate of the server first and its issuers after it.`
      : `The TLS key ${keyFile} and the certificate ${certFile} do not belong together. The certificate is for "${chain[0]!.subject.replaceAll('\n', ', ')}" and has another public key. Give the key that it was made with.`,
  );
}

function checkDates(path: string, leaf: X509Certificate, now: Date): void {
  const end = new Date(leaf.validTo);
  const start = new Date(leaf.validFrom);
  if (end <= now)
    throw new Refusal(
      `The TLS certificate ${path} has expired. It was valid until ${end.toISOString()}. Renew it, or leave the key and certificate options out to have one made.`,
    );
  if (start > now)
    throw new Refusal(
      `The TLS certificate ${path} is not valid yet. It is valid from ${start.toISOString()}, and the clock of this machine says ${now.toISOString()}. Check the clock, or give another certificate.`,
    );
}

/** What only OpenSSL knows to refuse, e.g. an RSA key that is too short. */
function checkUse(keyFile: string, certFile: string, key: string, cert: string): void {
  try {
    createSecureContext({ key, cert });
  } catch (error) {
    throw new Refusal(
      `The TLS key ${keyFile} and the certificate ${certFile} cannot be used. OpenSSL says: ${(error as Error).message}. Give an EC P-256 key, or an RSA key of at least 2048 bits.`,
      { cause: error },
    );
  }
}
