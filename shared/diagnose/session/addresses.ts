// The envelope as the client wrote it: addresses, parameters, commands. Of recipients more stands in recipients.ts.
import type { Found } from '../../finding.ts';
import type { AnomalyKind, Session } from '../../session.ts';
import { findParameter } from '../../smtp-text.ts';
import type { Transaction } from '../../transaction.ts';
import { anomalyOf, evidenceOf } from './anomalies.ts';
import { findMojibake, isUnqualified } from './domain.ts';
import { atLine, makeFound } from './found.ts';
import type { Mails } from './mail-detector.ts';

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

export function* findSenderProblems({ from, data, outcome, recipients }: Transaction): Generator<Found> {
  const { address, params, line } = from;
  if (from.reply?.code !== 250) return;
  const evidence = [atLine(line)];
  if (address === '' && outcome === 'stored')
    yield makeFound('mail.null-sender', { confidence: 0.5, evidence });
  const wrong = findMojibake(from);
  if (wrong) yield wrong;
  if (isUnqualified(address))
    yield makeFound('mail.unqualified-sender', { confidence: 0.95, evidence, vars: { address } });
  if (
    findParameter(params, 'SMTPUTF8') &&
    data?.eightBit === 0 &&
    isAscii(address) &&
    recipients.every((one) => isAscii(one.address))
  )
    yield makeFound('mail.needless-smtputf8', { confidence: 0.9, evidence });
}

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

export function* findOddCommands(session: Session): Generator<Found> {
  if (session.anomalyList.length === 0) return;
  for (const [kind, rule, start] of told) {
    const odd = anomalyOf(session, kind);
    if (odd && (!start || start.test(odd.text)))
      yield makeFound(rule, { confidence: 0.97, evidence: [evidenceOf(odd)], vars: { what: odd.text } });
  }
}

/** Of this mail. */
function addressAt(
  { from, recipients, firstLine, lastLine }: Transaction,
  line: number | null,
): string | undefined {
  if (line === null || line < firstLine || line > (lastLine ?? line)) return undefined;
  return from.line === line ? from.address : recipients.find((one) => one.line === line)?.address;
}

export function* findOddAddress(transaction: Transaction, { session }: Mails): Generator<Found> {
  if (session.anomalyList.length === 0) return;
  const malformed = anomalyOf(session, 'malformed-address');
  const address = malformed && addressAt(transaction, malformed.line);
  if (malformed && address !== undefined)
    yield makeFound('mail.malformed-address', {
      confidence: 0.95,
      evidence: [evidenceOf(malformed)],
      vars: { address, why: `${malformed.text.split('; other servers')[0]}.` },
    });
  const beyond = anomalyOf(session, 'utf8-address-without-smtputf8');
  const unicode = beyond && addressAt(transaction, beyond.line);
  if (beyond && unicode !== undefined) {
    const isDomain = isAscii(unicode.slice(0, unicode.lastIndexOf('@')));
    yield makeFound(isDomain ? 'mail.unicode-domain' : 'mail.utf8-without-smtputf8', {
      confidence: 0.97,
      evidence: [evidenceOf(beyond)],
      vars: { address: unicode },
    });
  }
}
