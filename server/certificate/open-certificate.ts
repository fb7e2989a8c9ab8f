// The key and certificate that the server shows: the user's own, or one from a local CA that is made once, kept,
// and renewed at start before it expires or when its names change.
import { X509Certificate } from 'node:crypto';
import { createAuthority, createLeaf, type KeyPair } from './authority.ts';
import * as files from './folder.ts';
import { certificateNames, namesOf } from './names.ts';
import { readOwnFiles } from './own-files.ts';
import { Refusal } from '../refusal.ts';

export interface CertificateRequest {
  /** Where the CA and the certificate are kept; null keeps them in memory only. */
  folder: string | null;
  /** Beyond the usual ones. */
  names: string[];
  keyFile?: string;
  certFile?: string;
  /** Uses the CA that is in the folder and writes nothing there. */
  caFolderReadOnly?: boolean;
  /** Does without a folder that cannot be used, and says why here; without this it is refused. */
  orInMemory?: (why: string) => void;
  /** For tests. */
  now?: Date;
}

export interface ServerCertificate {
  key: string;
  /** The leaf, then its CA. */
  cert: string;
  /** Null with the user's own files: we do not know whom he wants trusted. */
  caPem: string | null;
  names: string[];
  notAfter: Date;
  /** Made by us. */
  own: boolean;
}

/** How long before its end a certificate is renewed. */
const renewalMs = 30 * 86_400_000;

export async function openCertificate(request: CertificateRequest): Promise<ServerCertificate> {
  const now = request.now ?? new Date();
  if (request.keyFile || request.certFile) {
    const { key, cert, leaf } = await readOwnFiles(request.keyFile, request.certFile, now);
    return { key, cert, caPem: null, names: namesOf(leaf), notAfter: new Date(leaf.validTo), own: false };
  }
  const names = certificateNames(request.names);
  const { folder } = request;
  if (folder === null) {
    request.orInMemory?.(
      `There is no folder for the CA: this user has no home folder. Choose one with --cert-dir. ${isInMemory}`,
    );
    return inMemory(await createAuthority(now), names, now);
  }
  if (request.caFolderReadOnly) return openReadOnly(folder, names, now);
  try {
    return await openKept(folder, names, now);
  } catch (error) {
    if (!request.orInMemory || !(error instanceof Refusal)) throw error;
    const kept = await files.findPair(folder, files.authorityFile).catch(() => null);
    const isUsed = kept !== null && isFresh(kept, now);
    request.orInMemory(`${error.message} ${isUsed ? 'The CA there is used as it is.' : isInMemory}`);
    return inMemory(isUsed ? kept : await createAuthority(now), names, now);
  }
}

const isInMemory = 'Until then the CA is in memory, and another one at each start.';

async function inMemory(authority: KeyPair, names: string[], now: Date): Promise<ServerCertificate> {
  return serverCertificate(authority, await createLeaf(authority, names, now));
}

async function openReadOnly(folder: string, names: string[], now: Date): Promise<ServerCertificate> {
  const kept = await files.findPair(folder, files.authorityFile);
  if (!kept || !isFresh(kept, now)) return inMemory(await createAuthority(now), names, now);
  const leaf = await files.findPair(folder, files.leafFile);
  return leaf && fits(leaf, kept, names, now) ? serverCertificate(kept, leaf) : inMemory(kept, names, now);
}

/** Another process may do the same at the same moment, so what counts is what is on disk in the end. */
async function openKept(folder: string, names: string[], now: Date): Promise<ServerCertificate> {
  await files.createFolder(folder);
  for (let attempt = 0; attempt < 10; attempt++) {
    const authority = await keepAuthority(folder, now);
    const leaf = await files.findPair(folder, files.leafFile);
    if (leaf && fits(leaf, authority, names, now)) return serverCertificate(authority, leaf);
    const renewed = await createLeaf(authority, names, now);
    await files.writeText(folder, files.leafFile, files.pairText(renewed));
    const settled = await files.findPair(folder, files.authorityFile);
    if (settled?.cert === authority.cert) return serverCertificate(authority, renewed);
  }
  throw new Refusal(
    `The certificate folder ${folder} does not come to rest. Other processes keep changing the CA in it. Stop them, or give each its own folder.`,
  );
}

async function keepAuthority(folder: string, now: Date): Promise<KeyPair> {
  const kept = await files.findText(folder, files.authorityFile);
  let authority = files.parsePair(kept);
  if (!authority || !isFresh(authority, now)) {
    const made = files.pairText(await createAuthority(now));
    if (kept === null) await files.writeTextOnce(folder, files.authorityFile, made);
    else await files.writeText(folder, files.authorityFile, made);
    authority = await files.findPair(folder, files.authorityFile);
  }
  if (!authority)
    throw new Refusal(
      `The CA in ${folder} cannot be read back. Another program changed ${files.authorityFile}. Remove that file and start again.`,
    );
  if ((await files.findText(folder, files.publicFile)) !== authority.cert)
    await files.writeText(folder, files.publicFile, authority.cert);
  return authority;
}

/** Its start is not looked at: a clock that is wrong for once must not replace a CA that people trust. */
const isFresh = ({ cert }: KeyPair, now: Date): boolean =>
  Date.parse(new X509Certificate(cert).validTo) - now.getTime() > renewalMs;

function fits(leaf: KeyPair, authority: KeyPair, names: string[], now: Date): boolean {
  const certificate = new X509Certificate(leaf.cert);
  const issuer = new X509Certificate(authority.cert);
  const has = namesOf(certificate);
  return (
    isFresh(leaf, now) &&
    Date.parse(certificate.validFrom) <= now.getTime() &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey) &&
    has.length === names.length &&
    names.every((name) => has.includes(name))
  );
}

function serverCertificate(authority: KeyPair, leaf: KeyPair): ServerCertificate {
  const certificate = new X509Certificate(leaf.cert);
  return {
    key: leaf.key,
    cert: leaf.cert + authority.cert,
    caPem: authority.cert,
    names: namesOf(certificate),
    notAfter: new Date(certificate.validTo),
    own: true,
  };
}
