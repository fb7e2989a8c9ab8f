// What the tags of signatures and the properties of results mean.
export const signatureTags: Readonly<Record<string, string>> = {
  v: 'Version.',
  a: 'Algorithm of the signature.',
  b: 'The signature itself.',
  bh: 'Hash of the body.',
  c: 'How header and body are normalised before hashing: simple allows no change, relaxed allows white space.',
  d: 'The domain that signs and answers for the message.',
  h: 'The fields that are signed.',
  i: 'The user or agent for whom it signs.',
  l: 'How many bytes of the body are signed. What is behind can be added by anybody.',
  q: 'How the key is fetched.',
  s: 'The selector: with the domain it names the key in DNS.',
  t: 'When it was signed.',
  x: 'When it expires.',
  z: 'Copies of fields, for looking into failures.',
};

/** In ARC fields (RFC 8617 4.1) some tags mean something else. */
export const arcTags: Readonly<Record<string, string>> = {
  i: 'The number of this ARC set, from 1.',
  cv: 'What the forwarder found of the chain before: none, pass or fail.',
  t: 'When it was sealed.',
};

export const algorithms: Readonly<Record<string, string>> = {
  'rsa-sha256': 'RSA with SHA-256',
  'ed25519-sha256': 'Ed25519 with SHA-256',
  'rsa-sha1': 'RSA with SHA-1, which must not be used any more (RFC 8301)',
};

/** RFC 8601 2.7, RFC 7208 2.6, RFC 7489. */
export const methods: Readonly<Record<string, string>> = {
  auth: 'login of the sender',
  arc: 'ARC chain',
  bimi: 'BIMI logo',
  compauth: 'combined verdict of Microsoft 365',
  dara: 'replay check of Microsoft or Google',
  dkim: 'DKIM signature',
  'dkim-adsp': 'author domain signing practices, obsolete',
  'dkim-atps': 'third-party DKIM signature',
  dmarc: 'DMARC',
  domainkeys: 'DomainKeys, obsolete',
  iprev: 'reverse DNS of the client',
  rrvs: 'owner of the mailbox',
  'sender-id': 'Sender ID, obsolete',
  smime: 'S/MIME signature',
  spf: 'SPF',
  vbr: 'vouching',
  'x-tls': 'TLS',
};

export const results: Readonly<Record<string, string>> = {
  pass: 'passed',
  fail: 'failed',
  hardfail: 'failed',
  softfail: 'failed softly: the domain says that the IP address is probably not allowed',
  neutral: 'is neutral: the domain makes no statement, or the result cannot be used',
  none: 'found nothing to check',
  policy: 'passed, but local policy does not accept it',
  temperror: 'could not be checked for now',
  permerror: 'could not be checked: a record or signature is broken',
  bestguesspass: 'would pass, had the domain a record',
  declined: 'was declined by the sender',
  skipped: 'was skipped',
  discard: 'failed, and the domain asks to throw such mail away',
  nxdomain: 'failed: the domain does not exist',
  unknown: 'is unknown',
};

export const properties: Readonly<Record<string, string>> = {
  'smtp.mailfrom': 'The MAIL FROM of the envelope.',
  'smtp.helo': 'The name in EHLO.',
  'smtp.rcptto': 'The RCPT TO of the envelope.',
  'smtp.auth': 'The account that logged in.',
  'smtp.remote-ip': 'The IP address of the client.',
  'policy.iprev': 'The IP address of the client.',
  'policy.dmarc': 'What the domain asks to be done.',
  'policy.published-domain-policy': 'What the domain asks to be done.',
  'header.from': 'The domain in From:.',
  'header.d': 'The domain that signed.',
  'header.i': 'The user or agent for whom it was signed.',
  'header.s': 'The selector of the key.',
  'header.a': 'The algorithm.',
  'header.b': 'The start of the signature, to tell signatures apart.',
  'header.selector': 'The selector of the logo.',
  'header.oldest-pass': 'The oldest ARC set that is still valid.',
  action: 'What the receiver did.',
  reason: 'Why it came to this result.',
  dis: 'What the receiver did.',
  p: 'What the domain asks to be done.',
  sp: 'What the domain asks to be done for its subdomains.',
  'client-ip': 'The IP address of the client.',
  'envelope-from': 'The MAIL FROM of the envelope.',
  helo: 'The name in EHLO.',
  receiver: 'Who checked.',
  identity: 'Which name was checked.',
  mechanism: 'The part of the SPF record that decided.',
  problem: 'What was wrong.',
};
