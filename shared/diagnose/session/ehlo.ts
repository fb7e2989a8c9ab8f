// EHLO and HELO: their names, and whether they came where they were due.
import type { Found } from '../../finding.ts';
import type { EhloExchange, Session } from '../../session.ts';
import type { Around } from './around.ts';
import { absentAfter, atLine, makeFound } from './found.ts';

const literal = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[\da-f:.]+)\]$/i;
const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?:%\w+)?)$/i;

/** What no host name has in it; undefined where all is well. */
function oddityOf(name: string): string | undefined {
  if (name.includes('_')) return 'an underscore';
  if (/\s/.test(name)) return 'white space';
  if (/:\/\//.test(name)) return 'the form of a URL';
  if (/[^\0-\x7f]/.test(name)) return 'characters beyond ASCII';
  if (/:\d+$/.test(name)) return 'a port';
  const odd = /[^A-Za-z0-9.-]/.exec(name)?.[0];
  return odd === undefined ? undefined : `the character ${odd}`;
}

function judgeName({ name, line, verb }: EhloExchange): Found | undefined {
  const evidence = [atLine(line)];
  const vars = { name };
  if (verb === 'LHLO' || name === '') return undefined;
  if (literal.test(name)) return makeFound('ehlo.literal', { confidence: 0.99, evidence, vars });
  if (address.test(name)) {
    const inBrackets = name.includes(':') ? `[IPv6:${name}]` : `[${name}]`;
    return makeFound('ehlo.bare-address', {
      confidence: 0.99,
      evidence,
      vars: { name, literal: inBrackets },
    });
  }
  const what = oddityOf(name);
  if (what !== undefined)
    return makeFound('ehlo.bad-characters', { confidence: 0.95, evidence, vars: { name, what } });
  if (!name.replace(/\.$/, '').includes('.'))
    return makeFound('ehlo.unqualified', { confidence: 0.95, evidence, vars });
  return undefined;
}

export function* findNameProblems({ ehlo, transactions }: Session): Generator<Found> {
  let last: string | undefined;
  for (const exchange of ehlo) {
    if (exchange.name === last) continue;
    last = exchange.name;
    const found = judgeName(exchange);
    if (found) yield found;
  }
  const [first] = ehlo;
  if (first?.verb === 'HELO' && transactions.length > 0 && ehlo.every(({ verb }) => verb === 'HELO'))
    yield makeFound('ehlo.helo-only', { confidence: 0.95, evidence: [atLine(first.line)] });
}

/** The first command that was refused because EHLO was missing, and not because one was refused. */
function findTooEarly({ auth, transactions }: Session): { line: number; command: string } | undefined {
  const login = auth.find(({ code, cause, reason }) => code === 503 && !cause && isAboutHello(reason));
  const mail = transactions.find(
    ({ cause, from: { reply } }) => !cause && reply?.code === 503 && isAboutHello(reply.text),
  );
  if (login) return { line: login.line, command: 'AUTH' };
  return mail && { line: mail.from.line, command: 'MAIL' };
}

/** The reply of the engine names HELO or LHLO, that of the gate EHLO. */
const isAboutHello = (text: string): boolean => /\b(?:EHLO|HELO|LHLO)\b/i.test(text);

function* findMissingHello(session: Session): Generator<Found> {
  const early = findTooEarly(session);
  if (early === undefined) return;
  const secured = session.handshakes.find(({ ok, mode }) => ok && mode === 'starttls');
  const isAfterTls = secured !== undefined && early.line > secured.line;
  if (session.ehlo.some(({ line }) => line < early.line && (!isAfterTls || line > secured.line))) return;
  yield makeFound(isAfterTls ? 'ehlo.missing-after-starttls' : 'ehlo.missing', {
    confidence: 0.98,
    evidence: [atLine(early.line), absentAfter(isAfterTls ? secured.line : 0, 'EHLO')],
    vars: { command: early.command, code: 503 },
  });
}

const hellos = new Set(['EHLO', 'HELO', 'LHLO']);

function* findRefusedHello(
  { auth, transactions, refusal }: Session,
  { turnedAway }: Around,
): Generator<Found> {
  const cause = [...auth, ...transactions].find(({ cause }) => cause && hellos.has(cause.command))?.cause;
  const refused = cause ?? (refusal?.command === turnedAway?.command ? turnedAway : undefined);
  if (refused && hellos.has(refused.command))
    yield makeFound('ehlo.refused', {
      confidence: 0.95,
      evidence: [atLine(refused.line)],
      vars: { code: refused.reply.code },
    });
}

function* findLeftAtOffer(session: Session): Generator<Found> {
  const { ehlo, auth, transactions, messages, ended, refusal, tls, commands } = session;
  const last = ehlo.at(-1);
  if (!last || refusal || messages > 0 || auth.length > 0 || transactions.length > 0) return;
  // Nothing but EHLO and perhaps QUIT.
  if (ended?.by !== 'client' || commands > ehlo.length + 1) return;
  const offers = (wanted: string): boolean => last.offered.some(({ keyword }) => keyword === wanted);
  const lacks = [
    ...(tls === null && !offers('STARTTLS') ? ['STARTTLS'] : []),
    ...(offers('AUTH') ? [] : ['AUTH']),
  ];
  if (lacks.length > 0)
    yield makeFound('ehlo.left', {
      confidence: 0.5,
      evidence: [atLine(last.line), absentAfter(last.line, 'MAIL')],
      vars: { lacks: lacks.join(', ') },
    });
}

export function* findHelloProblems(session: Session, around: Around): Generator<Found> {
  yield* findMissingHello(session);
  yield* findRefusedHello(session, around);
  yield* findLeftAtOffer(session);
}
