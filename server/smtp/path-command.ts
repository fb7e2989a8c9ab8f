// MAIL FROM and RCPT TO as clients really send them (RFC 5321 §4.1.1.2, §4.1.1.3). The envelope is read here, from the
// bytes; the protocol engine gets an equivalent line that it is sure to understand.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { EsmtpParameter } from '../../shared/transaction.ts';
import { formatForEngine, parseParameters } from './esmtp-parameters.ts';
import { hideQuoted, inspectMailbox } from './mailbox.ts';

export interface PathCommand {
  /** As sent, without brackets and source route; empty for the null sender. Control characters become U+FFFD. */
  address: string;
  params: EsmtpParameter[];
  /** The path has characters beyond ASCII, for which a client has to ask with SMTPUTF8 (RFC 6531). */
  utf8: boolean;
  /** The command must be refused with this reply. */
  problem: { code: number; enhanced: string; text: string } | null;
  /** The command is accepted although it is not RFC 5321; sentences. */
  remark: string | null;
  /** What of the address breaks the grammar, although it is accepted; with the section of the RFC. */
  fault: string | null;
  /** A line for the protocol engine, which accepts it and judges the parameters; empty with a problem. */
  forward: string;
}

const maxPathBytes = 1000;

const c0 =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US';
const c0Names = c0.split(' ');
const hex = (code: number, digits: number): string => code.toString(16).toUpperCase().padStart(digits, '0');

/** The first control character or line separator of a line; position in bytes, from 1. Works on any bytes. */
export function findControlCharacter(line: Buffer): { position: number; name: string } | null {
  for (let i = 0; i < line.length; i++) {
    const byte = line[i]!;
    if (byte >= 0x20 && byte < 0x7f) continue;
    const position = i + 1;
    if (byte < 0x20) return { position, name: `${c0Names[byte]} (0x${hex(byte, 2)})` };
    if (byte === 0x7f) return { position, name: 'DEL (0x7F)' };
    const next = line[i + 1] ?? 0;
    // In UTF-8, C2 and E2 can only begin a character.
    if (byte === 0xc2 && next >= 0x80 && next <= 0x9f) return { position, name: `U+${hex(next, 4)}` };
    const last = line[i + 2];
    if (byte === 0xe2 && next === 0x80 && (last === 0xa8 || last === 0xa9)) {
      return { position, name: last === 0xa8 ? 'U+2028 (line separator)' : 'U+2029 (paragraph separator)' };
    }
  }
  return null;
}

/** The position of the first byte that is not UTF-8, from 1. */
function findInvalidUtf8(line: Buffer): number | null {
  if (isUtf8(line)) return null;
  let at = 0;
  for (const found of line.toString()) {
    const isReplacement = found === '\ufffd' && line.toString('latin1', at, at + 3) !== '\xef\xbf\xbd';
    if (isReplacement) break;
    at += Buffer.byteLength(found);
  }
  return at + 1;
}

/** MAIL or RCPT as nearly all clients write it, with an address of which there is nothing to say. */
const usual =
  /^(?:MAIL FROM|RCPT TO):<([a-z\d!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z\d!#$%&'*+/=?^_`{|}~-]+)*@[a-z\d]+(?:[.-][a-z\d]+)*)>$/i;

/** Never throws. `line` has no line ending. */
export function parsePathCommand(command: 'MAIL' | 'RCPT', line: Buffer): PathCommand {
  // Shorter than any limit of RFC 5321 4.5.3.1, and no punycode, which the engine would decode.
  const address = line.length < 64 ? usual.exec(line.toString('latin1'))?.[1] : undefined;
  if (address !== undefined && !/xn--/i.test(address)) {
    const forward = `${command === 'MAIL' ? 'MAIL FROM' : 'RCPT TO'}:<${address}>`;
    return { address, params: [], utf8: false, problem: null, remark: null, fault: null, forward };
  }
  return parseUnusual(command, line);
}

function parseUnusual(command: 'MAIL' | 'RCPT', line: Buffer): PathCommand {
  const enhanced = command === 'MAIL' ? '5.1.7' : '5.1.3';
  const text = line.toString().replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, '\ufffd');
  const { address, rest, remarks, problem, utf8 } = readPath(command, text, enhanced);
  const parameters = parseParameters(rest);
  const mailbox =
    address === '' ? { problem: null, remarks: [], fault: null } : inspectMailbox(address, command);
  remarks.push(...mailbox.remarks);
  if (parameters.remark) remarks.push(parameters.remark);

  const refuse = (reason: string, status = enhanced) => ({ code: 501, enhanced: status, text: reason });
  const found =
    findBadCharacter(line, refuse) ??
    problem ??
    (mailbox.problem === null ? null : refuse(mailbox.problem)) ??
    (parameters.problem === null ? null : refuse(parameters.problem, '5.5.4'));
  return {
    address,
    params: parameters.params,
    utf8,
    problem: found,
    remark: found === null && remarks.length > 0 ? remarks.join(' ') : null,
    fault: mailbox.fault,
    forward: found === null ? formatForward(command, address, parameters.params) : '',
  };
}

type Refusal = NonNullable<PathCommand['problem']>;

function findBadCharacter(line: Buffer, refuse: (text: string) => Refusal): Refusal | null {
  const control = findControlCharacter(line);
  if (control)
    return refuse(`Control character ${control.name} at position ${control.position} is not allowed`);
  const position = findInvalidUtf8(line);
  if (position === null) return null;
  const byte = hex(line[position - 1] ?? 0, 2);
  return refuse(
    `Byte 0x${byte} at position ${position} is not valid UTF-8; send addresses in UTF-8 with SMTPUTF8 (RFC 6531), or in ASCII`,
  );
}

interface Path {
  address: string;
  utf8: boolean;
  /** What follows the path. */
  rest: string;
  remarks: string[];
  problem: Refusal | null;
}

const opening = {
  MAIL: /^MAIL( +)FROM( *):( *)/i,
  RCPT: /^RCPT( +)TO( *):( *)/i,
};

function readPath(command: 'MAIL' | 'RCPT', text: string, enhanced: string): Path {
  const remarks: string[] = [];
  const refuse = (reason: string, status = enhanced, address = '', rest = ''): Path => ({
    address,
    utf8: /[^\x00-\x7f]/.test(address),
    rest,
    remarks,
    problem: { code: 501, enhanced: status, text: reason },
  });
  const found = opening[command].exec(text);
  if (!found) return refuse(`Syntax: ${command} ${command === 'MAIL' ? 'FROM' : 'TO'}:<address>`, '5.5.2');
  const [start, between = '', before = '', after = ''] = found;
  if (between.length > 1) remarks.push(`There is more than one blank behind ${command}.`);
  if (before !== '') remarks.push('There is a blank before the colon.');
  if (after !== '') remarks.push('There is a blank behind the colon.');

  const body = text.slice(start.length).trimEnd();
  const inBrackets = body.startsWith('<');
  const end = inBrackets ? findClose(body) : hideQuoted(body).indexOf(' ');
  if (inBrackets && end < 0) return refuse('The path has no closing ">"', enhanced, shorten(body.slice(1)));
  const path = inBrackets ? body.slice(1, end) : body.slice(0, end < 0 ? undefined : end);
  const rest = end < 0 ? '' : body.slice(inBrackets ? end + 1 : end);
  // `<` may begin a value, as in AUTH=<> (RFC 4954 §5), but not a word.
  const isSecondPath = /(?:^;?|[ ,>])</.test(rest);
  if (isSecondPath || hideQuoted(path).includes('<')) {
    return refuse(
      'More than one "<": only one address belongs there, without a name',
      enhanced,
      shorten(path),
    );
  }
  if (inBrackets && rest.startsWith('>'))
    return refuse('There is a ">" too many', enhanced, shorten(path), rest.slice(1));
  if (!inBrackets && path.endsWith('>'))
    return refuse('The path has no opening "<"', enhanced, shorten(path), rest);
  if (Buffer.byteLength(path) > maxPathBytes) {
    return refuse(`The address is over ${maxPathBytes} bytes`, enhanced, shorten(path), rest);
  }
  if (inBrackets && rest !== '' && !rest.startsWith(' ')) remarks.push('There is no blank behind the path.');

  const trimmed = path.trim();
  if (trimmed !== path) remarks.push('There are blanks at the edge of the path.');
  // RFC 5321 §4.1.2 and appendix C: a source route must be accepted and should be ignored.
  const route = /^@[^\s,:@]+(?:,@[^\s,:@]+)*:/.exec(trimmed)?.[0] ?? '';
  if (route) remarks.push(`The source route "${route}" was ignored.`);
  const address = trimmed.slice(route.length);
  const isMissing = !inBrackets && (address === '' || /^[A-Za-z0-9-]+=[^@]*$/.test(address));
  if (isMissing || (address === '' && (command === 'RCPT' || route !== ''))) {
    return refuse('There is no address', enhanced, '', isMissing ? body : rest);
  }
  if (!inBrackets) remarks.push('The address is not in angle brackets.');
  return { address, utf8: /[^\x00-\x7f]/.test(path), rest, remarks, problem: null };
}

/** At most as much as is accepted, for the record of what was refused. */
const shorten = (text: string): string => Buffer.from(text).subarray(0, maxPathBytes).toString();

/** The bracket outside quotes, or any when quotes that are never closed hide it. */
function findClose(body: string): number {
  const end = hideQuoted(body).indexOf('>');
  return end < 0 ? body.indexOf('>') : end;
}

/** What the engine takes as it is: it has no quotes, counts `@`, and decodes punycode. */
const plain = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[A-Za-z0-9_.-]+|\[[A-Za-z0-9:.]+\])$/;

function formatForward(command: 'MAIL' | 'RCPT', address: string, params: EsmtpParameter[]): string {
  const verb = command === 'MAIL' ? 'MAIL FROM' : 'RCPT TO';
  return `${verb}:<${standIn(command, address)}>${formatForEngine(params)}`;
}

function standIn(command: 'MAIL' | 'RCPT', address: string): string {
  if (address === '' || (plain.test(address) && !/xn--/i.test(address))) return address;
  if (command === 'RCPT' && address.toLowerCase() === 'postmaster') return address;
  // One for each address, because the engine counts recipients by what it sees.
  const digest = createHash('sha256').update(address).digest('hex').slice(0, 16);
  return `stand-in-${digest}@mailscope.invalid`;
}
