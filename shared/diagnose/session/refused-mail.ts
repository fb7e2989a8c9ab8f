// Mail that was refused, as a whole or for some of its recipients.
import type { Found } from '../../finding.ts';
import { isRefused } from '../../session-failures.ts';
import type { Session } from '../../session.ts';
import { findParameter } from '../../smtp-text.ts';
import { acceptedOf, type EnvelopeAddress, type Reply, type Transaction } from '../../transaction.ts';
import type { Around } from './around.ts';
import { absentAfter, atLine, makeFound } from './found.ts';
import type { MailDetector, Mails } from './mail-detector.ts';

/** With an @ before and behind a comma. */
const isSeveral = (address: string): boolean =>
  address.split(',', 10).filter((part) => part.includes('@')).length > 1;

const whyOf = ({ text }: Reply): string => `${text.replace(/\.$/, '')}.`;

function* findBadSyntax({ from, recipients }: Transaction): Generator<Found> {
  for (const one of [from, ...recipients]) {
    const { address, reply, line } = one;
    if (reply?.code !== 501) continue;
    const facts = { confidence: 0.97, evidence: [atLine(line)] };
    const vars = { address, code: 501, why: whyOf(reply) };
    if (reply.enhanced === '5.5.4') {
      const command = one === from ? 'MAIL FROM' : 'RCPT TO';
      yield makeFound('mail.bad-parameter', { ...facts, vars: { command, ...vars } });
      continue;
    }
    const isList = one !== from && isSeveral(address);
    if (isList) yield makeFound('rcpt.several-in-one', { ...facts, vars });
    else yield makeFound(one === from ? 'mail.refused-syntax' : 'rcpt.refused-syntax', { ...facts, vars });
  }
}

const sizeOf = ({ params }: EnvelopeAddress): number => Number(findParameter(params, 'SIZE')?.value ?? 0);

const limitOf = ({ ehlo }: Session): string =>
  ehlo.at(-1)?.offered.find(({ keyword }) => keyword === 'SIZE')?.params || 'not known';

function* findTooBig({ from, reply, data }: Transaction, { session }: Mails): Generator<Found> {
  const isDeclared = from.reply?.code === 552;
  if (!isDeclared && reply?.code !== 552) return;
  const line = isDeclared ? from.line : (data?.line ?? from.line);
  const what = isDeclared
    ? `MAIL announced ${sizeOf(from)} bytes and was refused with 552, so that nothing more had to be sent.`
    : `The message has ${data?.size ?? 0} bytes and was refused with 552 when it had come, since MAIL did not announce its size.`;
  yield makeFound('mail.too-big', {
    confidence: 0.98,
    evidence: [atLine(line)],
    vars: {
      what: isDeclared || sizeOf(from) === 0 ? what : what.split(', since')[0]! + '.',
      limit: limitOf(session),
    },
  });
}

function* findNoRoom({ from, reply, firstLine, data }: Transaction): Generator<Found> {
  const refusal = [from.reply, reply].find((one) => one?.code === 452 && one.enhanced === '4.3.1');
  if (refusal)
    yield makeFound('data.no-room', {
      confidence: 0.98,
      evidence: [atLine(data?.line ?? firstLine)],
      vars: { code: 452, why: refusal.text.replace(/\.$/, '') },
    });
}

function* findBareNewline({ reply, data }: Transaction): Generator<Found> {
  if (!data || reply?.code !== 550 || data.bareLf + data.bareCr === 0) return;
  yield makeFound('data.bare-newline-refused', {
    confidence: 0.98,
    evidence: [atLine(data.line)],
    vars: { bareLf: data.bareLf, bareCr: data.bareCr, code: 550 },
  });
}

/** As it says that a mail has as many recipients as it takes (RFC 5321 4.5.3.1.10). */
const isOverLimit = ({ reply }: EnvelopeAddress): boolean =>
  reply?.code === 452 && reply.enhanced === '4.5.3';

/** Those that got another mail of the session in the end are not lost. */
const isLost =
  ({ n }: Transaction, { isLaterStored }: Mails) =>
  (one: EnvelopeAddress): boolean =>
    isRefused(one) && !(one.reply!.code < 500 && isLaterStored(one.address, n));

function* findPartlyRefused(transaction: Transaction, mails: Mails): Generator<Found> {
  const { outcome, recipients, recipientCount } = transaction;
  if (outcome !== 'stored') return;
  const lost = recipients.filter(isLost(transaction, mails));
  const tell = (rule: string, refused: EnvelopeAddress[]): Found =>
    makeFound(rule, {
      confidence: 0.95,
      evidence: refused.slice(0, 20).map(({ line }) => atLine(line)),
      vars: {
        refused: refused.length,
        all: recipientCount,
        address: refused[0]!.address,
        code: refused[0]!.reply!.code,
      },
    });
  const over = lost.filter(isOverLimit);
  const wrong = lost.filter((one) => !isOverLimit(one));
  if (wrong.length > 0) yield tell('rcpt.partly-refused', wrong);
  if (over.length > 0) yield tell('rcpt.over-limit', over);
}

/** A refused DATA is no part of a transaction. */
export function* findNoRecipient(
  { refusal, transactions }: Session,
  { refusedData }: Around,
): Generator<Found> {
  const last = transactions.at(-1);
  if (!last || !refusal || refusedData === undefined) return;
  if (last.from.reply?.code !== 250 || acceptedOf(last).length > 0) return;
  if (refusedData < last.firstLine || refusedData > (last.lastLine ?? refusedData)) return;
  if (refusal.command !== 'DATA' && refusal.command !== 'BDAT') return;
  yield makeFound('rcpt.none', {
    confidence: 0.95,
    evidence: [
      absentAfter(last.from.line, 'an RCPT that is accepted'),
      atLine(last.from.line, last.lastLine ?? undefined),
    ],
    vars: { code: refusal.code },
  });
}

export const refusedMail: readonly MailDetector[] = [
  findBadSyntax,
  findTooBig,
  findNoRoom,
  findBareNewline,
  findPartlyRefused,
];

/** Nothing of it was refused. */
export const isUsual = ({ outcome, from, recipients }: Transaction): boolean =>
  outcome === 'stored' && !isRefused(from) && !recipients.some(isRefused);
