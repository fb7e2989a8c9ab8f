// The arithmetic of SCRAM (RFC 5802 §3) with SHA-256 (RFC 7677). Nothing of the exchange.
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);
const hmac = (key: Buffer, text: string | Buffer): Buffer => createHmac('sha256', key).update(text).digest();
const hash = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

export interface ScramKeys {
  storedKey: Buffer;
  serverKey: Buffer;
}

export async function scramKeys(password: string, salt: Buffer, iterations: number): Promise<ScramKeys> {
  const salted = await derive(password, salt, iterations, 32, 'sha256');
  return { storedKey: hash(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') };
}

/** ClientKey is the proof XOR the client's signature, and its hash must be StoredKey. */
export function isScramProof(keys: ScramKeys, authMessage: Buffer, proof: Buffer): boolean {
  const signature = hmac(keys.storedKey, authMessage);
  if (proof.length !== signature.length) return false;
  const clientKey = Buffer.from(proof.map((byte, i) => byte ^ (signature[i] ?? 0)));
  return timingSafeEqual(hash(clientKey), keys.storedKey);
}

export const scramServerSignature = (keys: ScramKeys, authMessage: Buffer): Buffer =>
  hmac(keys.serverKey, authMessage);

/**
 * The mapping and normalisation of SASLprep (RFC 4013 §2.1, §2.2). Its prohibitions are left out: a password with
 * such a character fails in the client already.
 */
export const saslPrep = (text: string): string =>
  text
    .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/g, '')
    .normalize('NFKC');
