// A transcript as what a client has to do to have the same session again: send, wait for replies, start TLS, leave.
import type { Session } from '../session.ts';
import type { TlsHandshake } from '../tls.ts';
import type { TranscriptLine } from '../transcript.ts';
import { bytesOfLine } from './line-bytes.ts';
import { loginParts, type LoginPart } from './login-parts.ts';

export type Sent =
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'login'; part: LoginPart }
  /** Bytes of DATA or BDAT, as on the wire. */
  | { kind: 'message'; bytes: Uint8Array }
  /** The same, to be had from the stored message: dots are stuffed for DATA; BDAT takes a piece as it is. */
  | { kind: 'stored'; messageId: string; stuffed: boolean; offset: number; length: number }
  | { kind: 'lost'; length: number };

export interface Exchange {
  kind: 'exchange';
  /** Goes out in one write. */
  sent: Sent[];
  /** Codes of the replies that came before anything else was sent; 0: not known. */
  replies: number[];
}
export interface StartTls {
  kind: 'tls';
  sni: string | null;
  version: string | null;
  ok: boolean;
}
export type Step = Exchange | StartTls | { kind: 'end'; how: 'close' | 'reset' | 'wait' };

/** Longer messages are fetched where they can be. */
const maxInline = 256 * 1024;

function endOf({ ended }: Session): Step {
  if (ended === null || ended.by === 'server') return { kind: 'end', how: 'wait' };
  return { kind: 'end', how: ended.how === 'rst' ? 'reset' : ended.how === 'quit' ? 'wait' : 'close' };
}

const tlsOf = (shake: TlsHandshake | undefined): StartTls => ({
  kind: 'tls',
  sni: shake?.sni ?? shake?.clientHello?.sni ?? null,
  version: shake?.version ?? null,
  ok: shake?.ok ?? true,
});

/** `lines` are all lines of the session, with the bytes of messages (`data=full`) or without. */
export function readSteps(session: Session, lines: TranscriptLine[], canFetch: boolean): Step[] {
  const logins = loginParts(session);
  const handshakes = [...session.handshakes];
  const offsets = new Map<string, number>();
  const steps: Step[] = [];
  let current: Exchange = { kind: 'exchange', sent: [], replies: [] };
  let lastReplyChunk = -1;
  let isInTls = false;
  let isBdat = false;

  const begin = (): void => {
    if (current.sent.length > 0 || current.replies.length > 0) steps.push(current);
    current = { kind: 'exchange', sent: [], replies: [] };
  };

  function readData(line: TranscriptLine): Sent {
    const { messageId, bytes: length } = line;
    const bytes = bytesOfLine(line);
    const offset = offsets.get(messageId ?? '') ?? 0;
    if (messageId !== undefined) offsets.set(messageId, offset + length);
    if (
      messageId !== undefined &&
      canFetch &&
      line.lost !== true &&
      (bytes === null || bytes.length > maxInline)
    )
      return { kind: 'stored', messageId, stuffed: !isBdat, offset: isBdat ? offset : 0, length };
    return bytes === null ? { kind: 'lost', length } : { kind: 'message', bytes };
  }

  function readCommand(line: TranscriptLine): Sent[] {
    const bytes = bytesOfLine(line) ?? new Uint8Array();
    const part = logins.get(line.n);
    if (!line.masked && (part === undefined || part.make === 'nothing')) return [{ kind: 'bytes', bytes }];
    const isAuth = line.kind === 'command';
    const front =
      /^\s*AUTH[ \t=]+[^\s=]\S*[ \t]+/i.exec(line.text)?.[0] ??
      (isAuth ? line.text.slice(0, Math.max(0, line.text.indexOf('*'))) : '');
    // AUTH without an initial response is no secret.
    if (isAuth && !line.masked && front === '') return [{ kind: 'bytes', bytes }];
    const encode = (text: string): Sent => ({ kind: 'bytes', bytes: new TextEncoder().encode(text) });
    const ending = { CRLF: '\r\n', LF: '\n', CR: '\r', '': '' }[line.eol];
    return [
      ...(front === '' ? [] : [encode(front)]),
      { kind: 'login', part: part ?? { make: 'response', line: line.n } },
      encode(ending),
    ];
  }

  for (const line of lines) {
    if (line.kind === 'event' || line.from === null) continue;
    if (line.kind === 'tls') {
      if (!isInTls) {
        begin();
        steps.push(tlsOf(handshakes.shift()));
      }
      isInTls = true;
      continue;
    }
    isInTls = false;
    if (line.from === 'server') {
      if (line.kind === 'reply' && !line.more) current.replies.push(line.code ?? 0);
      lastReplyChunk = Math.max(lastReplyChunk, line.chunk ?? -1);
      continue;
    }
    const isEarly = line.pipelined === true || (line.chunk !== undefined && line.chunk < lastReplyChunk);
    const isUnanswered = current.sent.length > 0 && current.replies.length === 0;
    if (!isEarly && !isUnanswered) begin();
    if (line.kind === 'data') current.sent.push(readData(line));
    else if (line.kind === 'raw') {
      const bytes = bytesOfLine(line);
      current.sent.push(bytes === null ? { kind: 'lost', length: line.bytes } : { kind: 'bytes', bytes });
    } else {
      current.sent.push(...readCommand(line));
      if (line.kind === 'command') isBdat = /^BDAT\b/i.test(line.text);
    }
  }
  begin();
  return [...steps, endOf(session)];
}
