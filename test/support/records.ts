// A part, a session and a line as the API gives them, with what a test says of them.
import type { Part } from '../../shared/message.ts';
import type { Session } from '../../shared/session.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';

export const openedAtUs = 1_700_000_000_000_000;
export const iso = (us: number): string => new Date(us / 1000).toISOString();

export const partOf = (more: Partial<Part> = {}): Part => ({
  path: '1',
  contentType: 'text/plain',
  charset: 'utf-8',
  encoding: '7bit',
  disposition: null,
  filename: null,
  contentId: null,
  headerOffset: 0,
  bodyOffset: 0,
  bodyLength: 0,
  size: 0,
  sha256: null,
  children: [],
  ...more,
});

export function sessionOf(id: string, n: number, more: Partial<Session> = {}): Session {
  return {
    id,
    openedAt: iso(openedAtUs + n * 1000),
    openedAtUs: openedAtUs + n * 1000,
    closedAt: null,
    durationUs: null,
    outcome: 'captured',
    listener: 'smtp',
    peer: { address: '127.0.0.1', port: 40_000 },
    local: { address: '127.0.0.1', port: 1025 },
    clientName: 'test',
    tls: null,
    user: null,
    mechanism: null,
    messageIds: [],
    inboxes: ['default'],
    messages: 0,
    commands: 0,
    bytesIn: 0,
    bytesOut: 0,
    anomalies: 0,
    ended: null,
    proxy: null,
    socketPeer: { address: '127.0.0.1', port: 40_000 },
    xclient: [],
    ehlo: [],
    handshakes: [],
    auth: [],
    transactions: [],
    anomalyList: [],
    lines: 0,
    truncated: false,
    ...more,
  };
}

export const lineOf = (n: number, more: Partial<TranscriptLine> = {}): TranscriptLine => ({
  n,
  atUs: n * 1000,
  from: 'client',
  kind: 'command',
  phase: 'plain',
  secure: false,
  text: `NOOP ${n}`,
  eol: 'CRLF',
  bytes: 8,
  ...more,
});
