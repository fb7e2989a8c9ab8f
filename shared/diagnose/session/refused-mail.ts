// Mail that was refused, as a whole or for some of its recipients.
import type { Found } from '../../finding.ts';
import { isRefused } from '../../session-failures.ts';
import type { Session } from '../../session.ts';
import { acceptedOf, type EnvelopeAddress, type Reply, type Transaction } from '../../transaction.ts';
import { absentAfter, atLine, makeFound } from './found.ts';

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
    const isList = one !== from && isSeveral(address);
    if (isList) yield makeFound('rcpt.several-in-one', { ...facts, vars });
    else yield makeFound(one === from ? 'mail.refused-syntax' : 'rcpt.refused-syntax', { ...facts, vars });
  }
}

const sizeOf = ({ params }: EnvelopeAddress): number =>
  Number(params.find(({ name }) => name.toUpperCase() === 'SIZE')?.value ?? 0);

const limitOf = ({ ehlo }: Session): string =>
  ehlo.at(-1)?.offered.find(({ keyword }) => keyword === 'SIZE')?.params || 'not known';

function findTooBig(session: Session, { from, reply, data }: Transaction): Found | undefined {
  const isDeclared = from.reply?.code === 552;
  if (!isDeclared && reply?.code !== 552) return undefined;
  const line = isDeclared ? from.line : (data?.line ?? from.line);
  const what = isDeclared
    ? `MAIL announced ${sizeOf(from)} bytes and was refused with 552, so that nothing more had to be sent.`
    : `The message has ${data?.size ?? 0} bytes and was refused with 552 when it had come, since MAIL did not announce its size.`;
  return makeFound('mail.too-big', {
    confidence: 0.98,
    evidence: [atLine(line)],
    vars: {
      what: isDeclared || sizeOf(from) === 0 ? what : what.split(', since')[0]! + '.',
      limit: limitOf(session),
    },
  });
}

function findNoRoom({ from, reply, firstLine, data }: Transaction): Found | undefined {
  const refusal = [from.reply, reply].find((one) => one?.code === 452 && one.enhanced === '4.3.1');
  return refusal
    ? makeFound('data.no-room', {
        confidence: 0.98,
        evidence: [atLine(data?.line ?? firstLine)],
        vars: { code: 452, why: refusal.text.replace(/\.$/, '') },
      })
    : undefined;
}

function findBareNewline({ reply, data }: Transaction): Found | undefined {
  if (!data || reply?.code !== 550 || data.bareLf + data.bareCr === 0) return undefined;
  return makeFound('data.bare-newline-refused', {
    confidence: 0.98,
    evidence: [atLine(data.line)],
    vars: { bareLf: data.bareLf, bareCr: data.bareCr, code: 550 },
  });
}

function findPartlyRefused({ outcome, recipients, recipientCount }: Transaction): Found | undefined {
  if (outcome !== 'stored') return undefined;
  const refused = recipients.filter(isRefused);
  const [first] = refused;
  if (first === undefined) return undefined;
  return makeFound('rcpt.partly-refused', {
    confidence: 0.95,
    evidence: refused.slice(0, 20).map(({ line }) => atLine(line)),
    vars: {
      refused: refused.length,
      all: recipientCount,
      address: first.address,
      code: first.reply!.code,
    },
  });
}

/** A refused DATA is no part of a transaction; the refusal of the session names it. */
function findNoRecipient({ refusal, transactions }: Session): Found | undefined {
  const last = transactions.at(-1);
  if (!last || last.from.reply?.code !== 250 || acceptedOf(last).length > 0) return undefined;
  if (refusal?.command !== 'DATA' && refusal?.command !== 'BDAT') return undefined;
  return makeFound('rcpt.none', {
    confidence: 0.95,
    evidence: [
      absentAfter(last.from.line, 'an RCPT that is accepted'),
      atLine(last.from.line, last.lastLine ?? undefined),
    ],
    vars: { code: refusal.code },
  });
}

export function* findRefusedMail(session: Session): Generator<Found> {
  for (const transaction of session.transactions) {
    if (isUsual(transaction)) continue;
    yield* findBadSyntax(transaction);
    for (const found of [
      findTooBig(session, transaction),
      findNoRoom(transaction),
      findBareNewline(transaction),
      findPartlyRefused(transaction),
    ])
      if (found) yield found;
  }
  const none = session.refusal && findNoRecipient(session);
  if (none) yield none;
}

/** Nothing of it was refused. */
const isUsual = ({ outcome, from, recipients }: Transaction): boolean =>
  outcome === 'stored' && !isRefused(from) && !recipients.some(isRefused);
