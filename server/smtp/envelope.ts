// EHLO, MAIL and RCPT: the engine judges them, the gate rewrites the offer and keeps the envelope as sent.
import type { EnvelopeAddress, EsmtpParameter, Reply } from '../../shared/transaction.ts';
import type { Command } from './command.ts';
import type { Connection } from './connection.ts';
import { markUsed, recordCause, recordEhlo, wasOffered } from './facts.ts';
import { parsePathCommand, type PathCommand } from './path-command.ts';
import type { SimulatedFault } from '../../shared/fault-moment.ts';
import { findParameter } from '../../shared/smtp-text.ts';
import { formatLines, parseReply, reply } from './replies.ts';
import { answerFault, endByFault, findFault, sizeOf } from './simulated.ts';

export async function hello(
  connection: Connection,
  command: Command,
  verb: 'EHLO' | 'HELO' | 'LHLO',
): Promise<void> {
  const { recorder, transactions } = connection;
  const name = command.content.toString('utf8').slice(verb.length).trim();
  const fault = findFault(connection, 'ehlo', { client: name });
  const said = fault && (await answerFault(connection, fault));
  if (said) {
    if (said.reply) recordCause(connection, command, said.reply);
    return endByFault(connection, fault);
  }
  const answered = await connection.port!.ask(`${command.content.toString('latin1')}\r\n`);
  if (!answered) return;
  if (answered.code !== 250) {
    connection.errors++;
    recordCause(connection, command, parseReply(answered.lines));
    await connection.write(formatLines(answered.lines));
    return;
  }
  delete recorder.marks.causes[503];
  if (recorder.marks.turnedAway?.command !== 'STARTTLS') recorder.marks.turnedAway = undefined;
  transactions.reset(verb);
  connection.greeted = true;
  recorder.settlePhase();
  const [greeting = '', ...engineOffer] = answered.lines.map((line) => line.slice(4));
  connection.withheld = new Set(fault?.without.map((keyword) => keyword.toUpperCase()));
  const offer = verb === 'HELO' ? [] : offered(connection, engineOffer);
  recordEhlo(connection, command.line, verb, name, offer);
  const all = [greeting, ...offer];
  await connection.write(
    all.map((entry, index) => `250${index < all.length - 1 ? '-' : ' '}${entry}\r\n`).join(''),
  );
  recorder.changed();
}

/** What we offer: the engine's keywords, with AUTH, STARTTLS and CHUNKING by our own policy (RFC 3207, 4954, 3030). */
function offered(connection: Connection, engineOffer: string[]): string[] {
  const { listener, mechanisms } = connection.options;
  const { secure } = connection.recorder;
  const offer = engineOffer.filter((entry) => !/^(AUTH|STARTTLS)\b/.test(entry));
  offer.push('CHUNKING');
  if (!secure && (listener.tls === 'offered' || listener.tls === 'required')) offer.push('STARTTLS');
  const hidden = !secure && (listener.authNeedsTls || listener.tls === 'required');
  if (listener.auth !== 'none' && !hidden && connection.user === null)
    offer.push(`AUTH ${mechanisms.join(' ')}`);
  const { withheld } = connection;
  return withheld.size === 0 ? offer : offer.filter((entry) => !withheld.has(entry.split(' ', 1)[0]!));
}

interface Judged {
  path: PathCommand;
  entry: EnvelopeAddress;
  /** It took the place of what the engine would say. */
  fault?: SimulatedFault;
}

/** Parses, has the engine judge, answers; the envelope address with its reply, or undefined when we are over. */
async function judge(
  connection: Connection,
  command: Command,
  kind: 'MAIL' | 'RCPT',
): Promise<Judged | undefined> {
  const { recorder } = connection;
  const { limits } = connection.options;
  const path = parsePathCommand(kind, command.content);
  const entry: EnvelopeAddress = {
    address: path.address,
    params: path.params,
    line: command.line,
    reply: null,
  };
  if (path.remark) recorder.event(path.remark);
  if (path.problem) {
    entry.reply = reply(path.problem.code, path.problem.enhanced, path.problem.text);
    connection.errors++;
    await connection.answer(entry.reply);
    return { path, entry };
  }
  const unknown = refuseWithheld(connection, path);
  if (unknown) {
    entry.reply = unknown;
    connection.errors++;
    await connection.answer(unknown);
    return { path, entry };
  }
  const fault = isInOrder(connection, kind) ? findPathFault(connection, kind, path) : undefined;
  const said = fault && (await answerFault(connection, fault));
  if (said) {
    entry.reply = said.reply;
    return { path, entry, fault };
  }
  const noRoom = kind === 'MAIL' && connection.greeted ? refuseForRoom(connection, path) : null;
  if (noRoom) {
    entry.reply = noRoom;
    await connection.answer(noRoom);
    return { path, entry };
  }
  const answered = await connection.port!.ask(Buffer.from(`${path.forward}\r\n`, 'utf8'));
  if (!answered) return undefined;
  entry.reply = parseReply(answered.lines);
  if (entry.reply.code >= 500 && entry.reply.code !== 552) connection.errors++;
  if (entry.reply.code === 250) connection.errors = 0;
  if (entry.reply.code === 552)
    entry.reply.text = `Message too big: at most ${limits.maxSize} bytes are taken (--max-size)`;
  await connection.answer(entry.reply);
  if (path.fault !== null && entry.reply.code === 250)
    recorder.anomaly('malformed-address', command.line, `${path.fault}; other servers refuse it.`);
  noteParameters(connection, command.line, { kind, params: path.params });
  if (kind === 'MAIL' && path.utf8 && !findParameter(path.params, 'SMTPUTF8'))
    recorder.anomaly(
      'utf8-address-without-smtputf8',
      command.line,
      'An address with UTF-8 came without the SMTPUTF8 parameter (RFC 6531 3.4).',
    );
  return { path, entry };
}

/** What the engine refuses for its order is refused by it, as real servers look at the order first. */
function isInOrder({ options, greeted, user, transactions }: Connection, kind: 'MAIL' | 'RCPT'): boolean {
  if (kind === 'RCPT') return transactions.current !== undefined;
  return greeted && !transactions.current && (options.listener.auth !== 'required' || user !== null);
}

const findPathFault = (
  connection: Connection,
  kind: 'MAIL' | 'RCPT',
  { address, params }: PathCommand,
): SimulatedFault | undefined =>
  kind === 'MAIL'
    ? findFault(connection, 'mail', { from: address, size: sizeOf(params) })
    : findFault(connection, 'rcpt', { to: [address] });

/** RFC 5321 4.1.1.11: a parameter of an extension that a simulated failure did not offer. */
function refuseWithheld({ withheld }: Connection, { params }: PathCommand): Reply | undefined {
  if (withheld.size === 0) return undefined;
  const param = params.find(({ name }) => withheld.has(known.get(name.toUpperCase())?.[0] ?? ''));
  return param && reply(555, '5.5.4', `Unsupported parameter: ${param.name.slice(0, 40).toUpperCase()}`);
}

/** RFC 1870 6.1: a message that was declared need not come to be refused. One that is too big is told so by the engine. */
function refuseForRoom({ options }: Connection, { params }: PathCommand): Reply | null {
  const size = Number(findParameter(params, 'SIZE')?.value ?? 0);
  return size > options.limits.maxSize ? null : options.intake.noRoomFor(size || 0);
}

/** The extension that a parameter belongs to, and the command. */
const known = new Map<string, readonly [keyword: string, kind: 'MAIL' | 'RCPT']>([
  ['AUTH', ['AUTH', 'MAIL']],
  ['SIZE', ['SIZE', 'MAIL']],
  ['BODY', ['8BITMIME', 'MAIL']],
  ['SMTPUTF8', ['SMTPUTF8', 'MAIL']],
  ['RET', ['DSN', 'MAIL']],
  ['ENVID', ['DSN', 'MAIL']],
  ['NOTIFY', ['DSN', 'RCPT']],
  ['ORCPT', ['DSN', 'RCPT']],
]);

/** RFC 5321 4.1.1.11: a server that does not know a parameter answers 555. We take it and say so. */
function noteParameters(
  connection: Connection,
  line: number,
  { kind, params }: { kind: 'MAIL' | 'RCPT'; params: EsmtpParameter[] },
): void {
  const unknown: string[] = [];
  const misplaced: string[] = [];
  for (const { name } of params) {
    const [keyword, belongs] = known.get(name.toUpperCase()) ?? ['', kind];
    if (!wasOffered(connection, keyword)) unknown.push(name.slice(0, 40));
    else if (belongs !== kind) misplaced.push(name.slice(0, 40));
    // Of AUTH the login is the use.
    else if (keyword !== 'AUTH') markUsed(connection, keyword);
  }
  const note = (names: string[], start: string, end: string): void => {
    const text = `${start} ${names.slice(0, 5).join(', ')}${end}; other servers answer 555 (RFC 5321 4.1.1.11).`;
    if (names.length > 0) connection.recorder.anomaly('parameter-not-offered', line, text);
  };
  const other = kind === 'MAIL' ? 'RCPT' : 'MAIL';
  note(unknown, 'The reply to EHLO did not offer', '');
  note(misplaced, `${kind} came with`, `, which the reply to EHLO offered for ${other}`);
}

export async function mailFrom(connection: Connection, command: Command): Promise<void> {
  const { recorder, transactions } = connection;
  const nested = transactions.current !== undefined;
  const judged = await judge(connection, command, 'MAIL');
  if (!judged) return;
  if (nested) return recorder.refused('MAIL', judged.entry.reply);
  transactions.begin(judged.entry);
  if (judged.entry.reply?.code === 250) return;
  // Without a reply it is open until the connection ends.
  if (judged.entry.reply) {
    transactions.end('refused', judged.entry.reply);
    recorder.settlePhase();
  }
  if (judged.fault) await endByFault(connection, judged.fault);
}

/** A MAIL that our policy refuses is a transaction as well: its envelope is what the client wanted. */
export function refusedMail({ transactions }: Connection, { content, line }: Command, refusal: Reply): void {
  const { address, params } = parsePathCommand('MAIL', content);
  transactions.begin({ address, params, line, reply: refusal });
  transactions.end('refused', refusal);
}

export async function rcptTo(connection: Connection, command: Command): Promise<void> {
  const { recorder, transactions } = connection;
  const judged = await judge(connection, command, 'RCPT');
  if (!judged) return;
  const { reply: answer } = judged.entry;
  if (answer?.code !== 250) recorder.refused('RCPT', answer);
  if (!transactions.current) return;
  transactions.recipient(judged.entry);
  if (judged.fault) return endByFault(connection, judged.fault);
  if (answer?.code === 250) {
    transactions.accepted++;
    if (judged.path.utf8 && !findParameter(transactions.current.from.params, 'SMTPUTF8'))
      recorder.anomaly(
        'utf8-address-without-smtputf8',
        command.line,
        'A recipient with UTF-8 came without SMTPUTF8 on MAIL (RFC 6531 3.4).',
      );
  }
}
