// Why nothing answered: fetch says no more than "fetch failed", and what failed stands in the causes behind it.

interface Cause {
  message?: unknown;
  code?: unknown;
  cause?: unknown;
  errors?: unknown;
}

/** From the outermost to what happened first; of several tried addresses the first one. */
function chainOf(error: unknown): Cause[] {
  const chain: Cause[] = [];
  for (let at = error; typeof at === 'object' && at !== null && chain.length < 10;) {
    const link: Cause = at;
    chain.push(link);
    at = link.cause ?? (Array.isArray(link.errors) ? (link.errors as unknown[])[0] : undefined);
  }
  return chain;
}

/** Null where nothing is said. */
export function reasonOf(error: unknown): string | null {
  const said = chainOf(error).flatMap(({ message }) =>
    typeof message === 'string' && message !== '' ? message : [],
  );
  return said.at(-1) ?? null;
}

/** What to do about it, where that is more than to start it; null where it is not. */
export function adviceFor(error: unknown): string | null {
  const codes = chainOf(error).map(({ code }) => (typeof code === 'string' ? code : ''));
  const isOne = (kind: RegExp): boolean => codes.some((code) => kind.test(code));
  const untrusted = `Its certificate is not trusted here (${reasonOf(error)})`;
  if (isOne(/SELF_SIGNED|UNABLE_TO_/))
    return `${untrusted}: let NODE_EXTRA_CA_CERTS name the file of its CA. That of Mailscope itself is ca.pem in its --cert-dir.`;
  // Of another name, or not valid now: no CA helps against that.
  if (isOne(/CERT_/)) return `${untrusted}.`;
  if (isOne(/WRONG_VERSION_NUMBER|EPROTO|PACKET_LENGTH/))
    return 'That port does not speak HTTPS: is it http://?';
  return null;
}
