// The envelope as the client wrote it: addresses, parameters, commands.
import type { Found } from '../../finding.ts';
import type { AnomalyKind, Session } from '../../session.ts';
import type { EnvelopeAddress, Transaction } from '../../transaction.ts';
import { anomalyOf, evidenceOf } from './anomalies.ts';
import { atLine, makeFound } from './found.ts';
import { decodePunycode } from './punycode.ts';

/** Recipients that are looked at; a list of thousands would take longer than all else. */
const mostRecipients = 1000;
/** RFC 5321 4.5.3.1.8: so many must be taken. */
const sureRecipients = 100;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
/** An address has an @, and a literal needs no dot. */
const isUnqualified = (address: string): boolean =>
  address.includes('@') && !/[.[]/.test(domainOf(address).replace(/\.$/, ''));
const isTaken = ({ reply }: EnvelopeAddress): boolean => reply?.code === 250;
const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

/**
 * UTF-8 that was taken for Latin-1: the first byte of a letter, in either case, and one that goes on with it; the
 * fractions among these are taken apart on the way to punycode.
 */
const mojibake = /[\u00c2-\u00f4](?:[\u0080-\u00bf]|[13]\u2044[24])/;

function findMojibake({ address, line }: EnvelopeAddress): Found | undefined {
  if (!/xn--/i.test(address)) return undefined;
  for (const label of domainOf(address).split('.', 20)) {
    const letters = /^xn--/i.test(label) ? decodePunycode(label.slice(4)) : undefined;
    if (letters !== undefined && mojibake.test(letters))
      return makeFound('mail.mojibake-domain', {
        confidence: 0.9,
        evidence: [atLine(line)],
        vars: { address, letters },
      });
  }
  return undefined;
}

function* findSenderProblems({ from, data, outcome, recipients }: Transaction): Generator<Found> {
  const { address, params, line } = from;
  if (!isTaken(from)) return;
  const evidence = [atLine(line)];
  if (address === '' && outcome === 'stored')
    yield makeFound('mail.null-sender', { confidence: 0.5, evidence });
  const wrong = findMojibake(from);
  if (wrong) yield wrong;
  if (isUnqualified(address))
    yield makeFound('mail.unqualified-sender', { confidence: 0.95, evidence, vars: { address } });
  if (
    params.some(({ name }) => name.toUpperCase() === 'SMTPUTF8') &&
    data?.eightBit === 0 &&
    [from, ...recipients.slice(0, mostRecipients)].every((one) => isAscii(one.address))
  )
    yield makeFound('mail.needless-smtputf8', { confidence: 0.9, evidence });
}

function* findRecipientProblems({ recipients, recipientCount, firstLine }: Transaction): Generator<Found> {
  if (recipientCount > sureRecipients)
    yield makeFound('rcpt.many', {
      confidence: 0.9,
      evidence: [atLine(recipients[sureRecipients]?.line ?? firstLine)],
      vars: { count: recipientCount },
    });
  const seen = recipientCount > 1 ? new Map<string, number>() : undefined;
  for (const one of recipients.length > mostRecipients ? recipients.slice(0, mostRecipients) : recipients) {
    if (!isTaken(one)) continue;
    const { address, line } = one;
    const wrong = findMojibake(one);
    if (wrong) yield wrong;
    if (isUnqualified(address))
      yield makeFound('rcpt.unqualified', { confidence: 0.9, evidence: [atLine(line)], vars: { address } });
    if (!seen) continue;
    const at = address.lastIndexOf('@');
    const key = address.slice(0, at) + address.slice(at).toLowerCase();
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, line);
    else
      yield makeFound('rcpt.duplicate', {
        confidence: 0.95,
        evidence: [atLine(earlier), atLine(line)],
        vars: { address },
      });
  }
}

const addressAt = ({ transactions }: Session, line: number | null): string | undefined => {
  for (const { from, recipients } of transactions)
    for (const one of [from, ...recipients]) if (one.line === line) return one.address;
  return undefined;
};

/** Anomalies of commands that need no more than their own sentence. */
const told: readonly (readonly [kind: AnomalyKind, rule: string, start?: RegExp])[] = [
  ['parameter-not-offered', 'mail.parameter-not-offered'],
  ['overlong-command', 'mail.overlong-command'],
  ['illegal-pipelining', 'mail.illegal-pipelining'],
  ['bare-lf', 'mail.bare-lf-command', /^A command/],
  ['nul', 'mail.control-character', /^A command/],
  ['bare-cr', 'mail.control-character', /^A command/],
  ['control-character', 'mail.control-character', /^A command/],
];

function* findOddCommands(session: Session): Generator<Found> {
  for (const [kind, rule, start] of told) {
    const odd = anomalyOf(session, kind);
    if (odd && (!start || start.test(odd.text)))
      yield makeFound(rule, { confidence: 0.97, evidence: [evidenceOf(odd)], vars: { what: odd.text } });
  }
  const malformed = anomalyOf(session, 'malformed-address');
  const address = malformed && addressAt(session, malformed.line);
  if (malformed && address !== undefined)
    yield makeFound('mail.malformed-address', {
      confidence: 0.95,
      evidence: [evidenceOf(malformed)],
      vars: { address, why: `${malformed.text.split('; other servers')[0]}.` },
    });
  const beyond = anomalyOf(session, 'utf8-address-without-smtputf8');
  const unicode = beyond && addressAt(session, beyond.line);
  if (beyond && unicode !== undefined) {
    const isDomain = isAscii(unicode.slice(0, unicode.lastIndexOf('@')));
    yield makeFound(isDomain ? 'mail.unicode-domain' : 'mail.utf8-without-smtputf8', {
      confidence: 0.97,
      evidence: [evidenceOf(beyond)],
      vars: { address: unicode },
    });
  }
}

export function* findAddressProblems(session: Session): Generator<Found> {
  for (const transaction of session.transactions) {
    yield* findSenderProblems(transaction);
    yield* findRecipientProblems(transaction);
  }
  if (session.anomalyList.length > 0) yield* findOddCommands(session);
}
