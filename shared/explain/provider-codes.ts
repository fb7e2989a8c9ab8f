// What large providers mean by their texts and by codes that they made up or use in their own way. The first row that
// fits counts. The patterns have no nested repetition, so that they stay linear on hostile text.
export type ProviderRow = readonly [pattern: RegExp, meaning: string, advice: string];

const authenticate = 'Publish SPF, sign with DKIM, and let From: be of the same domain.';
const slower = 'Send more slowly and retry later.';
const drop = 'Stop sending to this address.';
const delist = 'Find why the IP address is listed, stop it, then ask for removal.';
const encrypt = 'Use TLS before this command.';

export const providerRows: readonly ProviderRow[] = [
  [/p=NoSuchUser|RecipientNotFound|user doesn't have an? \S+ account/i, 'The mailbox does not exist.', drop],
  [/p=DisabledUser|mailbox is disabled|inactive email address/i, 'The mailbox is disabled or unused.', drop],
  [
    /p=OverQuota|user is over quota|mailbox full|QuotaExceeded/i,
    'The mailbox is full.',
    'Retry for a few days, then stop.',
  ],
  [
    /ReceivingRate|receiving mail (?:at a rate|too quickly)/i,
    'The recipient gets too much mail at the moment.',
    slower,
  ],
  [
    /gr[ae]y.?list/i,
    'Greylisting: a first attempt from an unknown sender is always put off.',
    'Retry after some minutes from the same IP address; a client without a queue never will.',
  ],
  [
    /UnsolicitedRateLimit|unusual rate of|too many emails per|sending limit exceeded|rate limit|rate exceeded|quota exceeded|too much mail/i,
    'More was sent than is allowed in this time.',
    slower,
  ],
  [
    /p=UnsolicitedMessage|likely unsolicited|spam message|message looks like spam/i,
    'The message was taken for spam.',
    'Look at its content and at the reputation of the sender.',
  ],
  [
    /very low reputation|due to IP reputation|\bTSS0\d\b/i,
    'The IP address or the domain has a bad reputation.',
    'Send less, to people who asked for it, and retry later.',
  ],
  [/DMARC/i, 'The message did not pass DMARC, and the domain asks to refuse such mail.', authenticate],
  [
    /sender is unauthenticated|does not meet the required authentication|must pass either SPF or DKIM|SPF and DKIM auth/i,
    'The sender could not be authenticated by SPF or DKIM.',
    authenticate,
  ],
  [/isn't aligned with/i, 'The From: domain is not the one that SPF or DKIM authenticated.', authenticate],
  [
    /SPF record|Sender Policy Framework/i,
    'SPF does not allow this IP address to send for the domain.',
    'Add the IP address to the SPF record, or send from an allowed host.',
  ],
  [
    /PTR record|reverse DNS|reverse hostname|cannot find your hostname/i,
    'The client IP address has no fitting reverse DNS.',
    'Give the IP address a PTR record that resolves back to it.',
  ],
  [
    /p=RfcMessageNonCompliant|RFC 5322 (?:compliant|section)|duplicate headers/i,
    'The header of the message breaks RFC 5322.',
    'Correct the fields that the text names.',
  ],
  [/missing a valid Message-ID/i, 'The message has no valid Message-ID.', 'Let the client add one.'],
  [
    /bare\s?<?(?:LF|linefeed|CR)/i,
    'The message has line feeds without carriage returns, or the reverse.',
    'End every line with CRLF.',
  ],
  [
    /line length|lines? too long/i,
    'A line is longer than 998 bytes.',
    'Encode the body in quoted-printable or base64, and fold long headers.',
  ],
  [
    /p=BlockedMessage|potential security issue|virus|malware/i,
    'An attachment or link was taken for dangerous.',
    'Send it in another way.',
  ],
  [
    /size limit|message (?:file )?too (?:big|large)|exceeds (?:fixed|maximum)/i,
    'The message is too big.',
    'Make it smaller; SIZE in the answer to EHLO says the limit.',
  ],
  [
    /mail loop|hop count|too many hops|exceeded \d+ hops/i,
    'The message goes round in a loop.',
    'Correct the forwarding between the hosts in its Received lines.',
  ],
  [
    /Application-specific password/i,
    'The account uses two factors and takes no normal password here.',
    'Make an app password, or log in by OAuth 2.',
  ],
  [
    /SmtpClientAuthentication is disabled|basic authentication is disabled|\b5\.7\.139\b/i,
    'Microsoft 365 has SMTP AUTH or passwords switched off for this mailbox or tenant.',
    'Enable SMTP AUTH for the mailbox, or log in by OAuth 2; an app password does not help.',
  ],
  [
    /web browser/i,
    'The provider wants the login confirmed in a browser.',
    'Log in there once, or use OAuth 2 or an app password.',
  ],
  [
    /too many (?:login attempts|AUTH commands)/i,
    'Too many logins in a short time.',
    'Keep connections open for several messages, and retry later.',
  ],
  [
    /STARTTLS command first|TLS connection|STARTTLS is required|encryption required/i,
    'TLS is required.',
    encrypt,
  ],
  [
    /Client was not authenticated|not authenticated to send|authentication required|p=WantAuthError/i,
    'A login is required before MAIL FROM.',
    'Set user and password in the client; it may have skipped AUTH because none was offered.',
  ],
  [
    /permissions? to send as|SendAsDenied|not owned by user|verified Sender Identity|is not verified|not authorized to send from/i,
    'The account may not send from this address.',
    'Use a sender address that belongs to the account, or have it verified.',
  ],
  [
    /relay(?:ing)? (?:access )?denied|relay not permitted|unable to relay|denied relay|credentials for relay/i,
    'The server does not forward to foreign domains for this client.',
    'Log in first, or use the server of your own domain.',
  ],
  [
    /spamhaus|spamcop|barracuda|block list|blacklist|black list|blocked using|banned send|dnsbl|\bBL2\d\b/i,
    'The client IP address or domain is on a blocklist.',
    delist,
  ],
  [
    /need fully-qualified|helo (?:command rejected|argument)|bad helo|invalid domain name/i,
    'The name that the client gave in EHLO is refused.',
    'Set a full host name in the client.',
  ],
  [
    /too many (?:concurrent|connections)|concurrent connections|thread limit/i,
    'Too many connections at once.',
    'Use fewer connections and send several messages over each.',
  ],
  [
    /too many recipients/i,
    'Too many recipients in one transaction or hour.',
    'Send the rest in a further transaction, or later.',
  ],
  [
    /pipelin|synchronization error/i,
    'The client sent commands before the reply it had to wait for.',
    'Wait for each reply, unless EHLO offered PIPELINING.',
  ],
  [
    /user unknown|unknown user|no such user|does not exist|unknown or illegal|unrouteable address/i,
    'The mailbox or the domain does not exist.',
    drop,
  ],
  [
    /sender address rejected: domain not found|unresolvable RFC\.?5321/i,
    'The domain of the sender does not resolve.',
    'Send from a domain that has MX or A records.',
  ],
  [
    /timeout|timed out/i,
    'The server waited too long for the client.',
    'Do not keep an idle connection open; open a new one.',
  ],
];

/** Enhanced codes that only one provider uses, by provider. */
const codes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Gmail: { '7.32': 'The From: domain is not aligned with SPF or DKIM.' },
  'Microsoft 365': {
    '1.90': 'The daily limit of recipients is reached.',
    '2.121': 'The recipient gets too much from this sender in an hour.',
    '2.122': 'The recipient gets too much in an hour.',
    '2.252': 'The account may not send as this sender.',
    '7.57': 'A login is required before MAIL FROM.',
    '7.60': 'The account may not send as this sender.',
    '7.64': 'The server does not forward for this tenant.',
    '7.139': 'SMTP AUTH is switched off.',
    '7.500': 'The server is busy with this IP address.',
    '7.506': 'The EHLO name is refused.',
    '7.509': 'The message failed DMARC with a policy of reject.',
    '7.511': 'The sender is banned.',
    '7.512': 'The From: field breaks RFC 5322.',
    '7.515': 'The domain lacks SPF, DKIM or DMARC.',
    '7.606': 'The IP address is banned.',
    '7.650': 'The IP address is limited because of its reputation.',
    '7.708': 'Mail from this IP address is not taken from this tenant.',
    '7.750': 'The sending domain is not registered with the tenant.',
  },
  Exchange: {
    '4.14': 'The message goes round in a loop.',
    '4.300': 'The message expired in the queue.',
    '4.310': 'The domain does not exist in DNS.',
    '4.316': 'The connection was refused.',
    '4.317': 'The next host does not offer STARTTLS.',
    '6.11': 'The message has bare line feeds.',
    '7.54': 'The server does not forward to this domain.',
    '7.124': 'The sender is not allowed to write to this group.',
    '7.133': 'Only members of the organisation may write to this group.',
    '7.134': 'Only members of the organisation may write to this mailbox.',
    '7.321': 'The next host does not offer STARTTLS.',
    '7.322': 'The certificate of the next host has expired.',
    '7.323': 'The TLSA record of the next host is not valid.',
    '7.324': 'DNSSEC of the recipient domain is not valid.',
    '7.325': 'The certificate of the next host has another name.',
  },
};

/** By subject and detail, as in `7.139`. */
export const providerCodes: ReadonlyMap<string, readonly [meaning: string, provider: string]> = new Map(
  Object.entries(codes).flatMap(([provider, rows]) =>
    Object.entries(rows).map(([code, meaning]) => [code, [meaning, provider]] as const),
  ),
);
