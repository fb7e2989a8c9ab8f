// The login mechanisms that AUTH names.
export const saslMechanisms: Readonly<Record<string, readonly [meaning: string, reference: string]>> = {
  PLAIN: ['user and password in one step, in clear but for TLS', 'RFC 4616'],
  LOGIN: [
    'user and password in two steps, in clear but for TLS; not a standard',
    'draft-murchison-sasl-login',
  ],
  'CRAM-MD5': ['a challenge answered with an MD5 of the password; out of date', 'RFC 2195'],
  'DIGEST-MD5': ['a challenge answered with MD5; withdrawn', 'RFC 6331'],
  'SCRAM-SHA-1': ['both sides prove that they know the password, by SHA-1', 'RFC 5802'],
  'SCRAM-SHA-1-PLUS': ['SCRAM-SHA-1 bound to the TLS connection', 'RFC 5802'],
  'SCRAM-SHA-256': ['both sides prove that they know the password, by SHA-256', 'RFC 7677'],
  'SCRAM-SHA-256-PLUS': ['SCRAM-SHA-256 bound to the TLS connection', 'RFC 7677'],
  XOAUTH2: ['an OAuth 2 access token, in the form of Google and Microsoft', 'Google XOAUTH2'],
  OAUTHBEARER: ['an OAuth 2 access token', 'RFC 7628'],
  EXTERNAL: ['the identity comes from outside, such as the TLS client certificate', 'RFC 4422'],
  ANONYMOUS: ['no identity', 'RFC 4505'],
  GSSAPI: ['Kerberos', 'RFC 4752'],
  'GSS-SPNEGO': ['Kerberos or NTLM, negotiated', 'RFC 4178'],
  NTLM: ['a Windows login; out of date', 'MS-SMTPNTLM'],
};

export function explainMechanism(name: string): string | null {
  const key = name.toUpperCase();
  return Object.hasOwn(saslMechanisms, key) ? saslMechanisms[key]![0] : null;
}
