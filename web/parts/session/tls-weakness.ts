// What is outdated among the names of TLS, so that a long list can be read at a glance (RFC 8996, RFC 7465).
const rules: [RegExp, string][] = [
  [/^(SSLv|TLSv1$|TLSv1\.0|TLSv1\.1)/, 'outdated'],
  [/NULL|anon|EXPORT/i, 'no protection'],
  [/RC4|3DES|_DES_|MD5/, 'broken'],
  [/^TLS_RSA_WITH/, 'no forward secrecy'],
];

export function weakness(name: string): string | null {
  return rules.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
