// What a line of the answer to EHLO offers.
import type { ExplainedParameter } from './command.ts';
import { explainMechanism } from './sasl-mechanisms.ts';
import { list, plural } from './wording.ts';

export interface KeywordExplanation {
  /** In upper case. */
  keyword: string;
  meaning: string;
  reference: string;
  parameters: ExplainedParameter[];
}

type Row = readonly [meaning: string, reference: string];

export const ehloKeywords: Readonly<Record<string, Row>> = {
  PIPELINING: ['Several commands may be sent without waiting for each reply.', 'RFC 2920'],
  '8BITMIME': ['The body may hold bytes above 127.', 'RFC 6152'],
  SMTPUTF8: ['Addresses and headers may be in UTF-8.', 'RFC 6531'],
  ENHANCEDSTATUSCODES: ['Replies carry a second, more exact code such as 5.1.1.', 'RFC 2034'],
  DSN: ['Delivery reports can be asked for by NOTIFY, RET, ENVID and ORCPT.', 'RFC 3461'],
  SIZE: ['The size of a message can be told in MAIL, and has a limit.', 'RFC 1870'],
  CHUNKING: ['The message may be sent in counted pieces by BDAT.', 'RFC 3030'],
  BINARYMIME: ['The body may be any bytes, without lines; only by BDAT.', 'RFC 3030'],
  AUTH: ['The client can log in by one of these mechanisms.', 'RFC 4954'],
  STARTTLS: ['The connection can be encrypted.', 'RFC 3207'],
  HELP: ['HELP is answered.', 'RFC 5321 4.1.1.8'],
  VRFY: ['VRFY is answered.', 'RFC 5321 4.1.1.6'],
  EXPN: ['EXPN is answered.', 'RFC 5321 4.1.1.7'],
  ETRN: ['Waiting mail can be asked for.', 'RFC 1985'],
  ATRN: ['Waiting mail can be asked for on the same connection.', 'RFC 2645'],
  DELIVERBY: ['A time for the delivery can be asked for by BY.', 'RFC 2852'],
  FUTURERELEASE: ['A message can be held back until a time.', 'RFC 4865'],
  MTRK: ['A message can be tracked.', 'RFC 3885'],
  'NO-SOLICITING': ['No advertisements are wanted.', 'RFC 3865'],
  'MT-PRIORITY': ['A message can have a priority.', 'RFC 6710'],
  BURL: ['The message can be fetched from an IMAP server.', 'RFC 4468'],
  RRVS: ['Delivery can depend on the owner of the mailbox.', 'RFC 7293'],
  REQUIRETLS: ['TLS can be demanded for the whole way.', 'RFC 8689'],
  LIMITS: ['The limits of this server.', 'RFC 9422'],
  CHECKPOINT: ['An interrupted message can be resumed.', 'RFC 1845'],
  CONPERM: ['Content may be converted if the sender permits it.', 'RFC 4141'],
  CONNEG: ['The abilities of a recipient can be asked for.', 'RFC 4141'],
  SUBMITTER: ['The responsible address can be told; obsolete.', 'RFC 4405'],
  TURN: ['The roles can be changed; obsolete.', 'RFC 5321 F.1'],
  SEND: ['SEND is answered; obsolete.', 'RFC 5321 F.6'],
  SOML: ['SOML is answered; obsolete.', 'RFC 5321 F.6'],
  SAML: ['SAML is answered; obsolete.', 'RFC 5321 F.6'],
  UTF8SMTP: ['The first, experimental form of SMTPUTF8; obsolete.', 'RFC 5336'],
  XCLIENT: ['A trusted proxy may say who the real client is.', 'Postfix XCLIENT'],
  XFORWARD: ['A trusted proxy may say, for the log, who the real client is.', 'Postfix XFORWARD'],
  'X-ANONYMOUSTLS': ['TLS among Exchange servers.', 'Microsoft Exchange'],
  'X-EXPS': ['Login among Exchange servers.', 'Microsoft Exchange'],
};

const limitNames: Readonly<Record<string, string>> = {
  MAILMAX: 'transactions in one connection',
  RCPTMAX: 'recipients in one transaction',
  RCPTDOMAINMAX: 'recipient domains in one connection',
};

function explainWord(keyword: string, word: string): ExplainedParameter {
  const equals = word.indexOf('=');
  const [name, value] = equals > 0 ? [word.slice(0, equals), word.slice(equals + 1)] : [word, null];
  const count = /^\d{1,20}$/.test(word) ? Number(word) : null;
  if (keyword === 'AUTH') return { name, value, meaning: explainMechanism(name) ?? 'Not a known mechanism.' };
  if (keyword === 'SIZE' && count !== null)
    return {
      name: 'limit',
      value: word,
      meaning: count === 0 ? 'No fixed limit.' : `At most ${plural(count, 'byte')}.`,
    };
  if (keyword === 'LIMITS' && Object.hasOwn(limitNames, name.toUpperCase()))
    return { name, value, meaning: `At most so many ${limitNames[name.toUpperCase()]}.` };
  if (keyword === 'DELIVERBY' && count !== null)
    return { name: 'minimum', value: word, meaning: `The shortest time is ${plural(count, 'second')}.` };
  if (keyword === 'XCLIENT' || keyword === 'XFORWARD')
    return { name, value, meaning: 'A fact that may be told.' };
  return { name, value, meaning: '' };
}

/** `keyword` and `params` as in `SIZE` and `52428800`. Null when nothing is known about it. Never throws. */
export function explainKeyword(keyword: string, params: string): KeywordExplanation | null {
  let name = keyword.slice(0, 100).toUpperCase();
  let rest = params.slice(0, 2000).trim();
  // `AUTH=LOGIN PLAIN` is how servers said it before RFC 2554.
  const isOldAuth = name.startsWith('AUTH=');
  if (isOldAuth) {
    rest = `${name.slice(5)} ${rest}`.trim();
    name = 'AUTH';
  }
  // Cisco firewalls overwrite what they forbid with letters X.
  if (/^X{4,}A?$/.test(name))
    return {
      keyword: name,
      meaning: 'A firewall has overwritten an extension here, often STARTTLS; look for its SMTP inspection.',
      reference: 'Cisco ESMTP inspection',
      parameters: [],
    };
  const row = Object.hasOwn(ehloKeywords, name) ? ehloKeywords[name] : undefined;
  if (!row) return null;
  const parameters = rest === '' ? [] : rest.split(/\s+/, 50).map((word) => explainWord(name, word));
  const weak = parameters.filter((one) => /out of date|withdrawn/.test(one.meaning)).map((one) => one.name);
  const notes = [
    isOldAuth ? 'This is the form with an equals sign, which old clients need.' : '',
    weak.length > 0 ? `${list(weak)} should no longer be used.` : '',
  ];
  return {
    keyword: name,
    meaning: [row[0], ...notes].filter(Boolean).join(' '),
    reference: row[1],
    parameters,
  };
}
