// TLS on the connection: STARTTLS (RFC 3207) or from the first byte (RFC 8314), with the handshake recorded.
import type { Reply } from '../../shared/transaction.ts';
import { steadyUs } from '../clock.ts';
import { refuse, type Command } from './command.ts';
import type { Connection } from './connection.ts';
import { markUsed, recordCause } from './facts.ts';
import { hintForStartTls } from './left-at-offer.ts';
import { replies } from './replies.ts';
import { answerFault, endByFault, findFault } from './simulated.ts';
import { faultInHandshake } from './simulated-handshake.ts';
import { showStray } from './show-stray.ts';
import { TapSocket } from './tap-socket.ts';
import { guessFirstBytes } from './tls/first-bytes.ts';
import { startTls } from './tls/terminator.ts';
import { TlsWire } from './tls/wire.ts';

export async function startSecure(connection: Connection, command: Command): Promise<void> {
  const { content, line } = command;
  const { recorder, options, transactions } = connection;
  const { tls } = options.listener;
  const refuseHere = (reply: Reply): Promise<void> => {
    recordCause(connection, command, reply);
    return refuse(connection, reply);
  };
  if (recorder.secure) return refuseHere(replies.startTlsAgain);
  if ((tls !== 'offered' && tls !== 'required') || !options.tls || connection.withheld.has('STARTTLS')) {
    // It would be this very port.
    const hint = connection.withheld.has('STARTTLS') ? null : hintForStartTls(connection);
    const { startTlsNotOffered } = replies;
    return refuseHere(
      hint ? { ...startTlsNotOffered, text: `${startTlsNotOffered.text}; ${hint}` } : startTlsNotOffered,
    );
  }
  if (content.length > 'STARTTLS'.length && content.toString('latin1').trim().length > 'STARTTLS'.length)
    return refuseHere(replies.startTlsArguments);
  const fault = findFault(connection, 'starttls');
  const said = fault && (await answerFault(connection, fault));
  if (said) {
    if (said.reply) recordCause(connection, command, said.reply);
    return endByFault(connection, fault);
  }
  markUsed(connection, 'STARTTLS');
  await connection.answer(replies.startTlsReady);
  const rest = connection.reader.detach();
  transactions.reset('STARTTLS');
  await connection.abandonChunks();
  Object.assign(connection, { greeted: false, user: null, withheld: new Set() });
  Object.assign(recorder.marks, { causes: {}, turnedAway: undefined });
  recorder.phase = 'handshake';
  const early = keepRest(connection, rest, line);
  if (!(await handshake(connection, 'starttls', early))) return;
  connection.openEngine();
  // Its greeting is for a new connection; the client goes on with EHLO.
  await connection.port!.reply();
}

/** What came behind STARTTLS in clear: the start of the handshake, or an injection that must be forgotten. */
function keepRest(connection: Connection, rest: Buffer, line: number): Buffer | undefined {
  const { recorder } = connection;
  if (rest.length === 0) return undefined;
  if (rest[0] === 0x16) {
    recorder.anomaly(
      'early-client-hello',
      line,
      'The ClientHello was sent before the 220 reply to STARTTLS (RFC 3207 4.2 wants the client to wait).',
    );
    return rest;
  }
  connection.secretsMayFollow = true;
  const shown = showStray(connection, rest);
  const number = recorder.raw(
    'raw',
    'client',
    `clear text behind STARTTLS, discarded: ${JSON.stringify(shown.toString('latin1', 0, 80))}`,
    shown,
  );
  recorder.anomaly(
    'plaintext-after-starttls',
    number,
    `${rest.length} bytes of clear text came behind STARTTLS and were discarded: somebody between client and server could inject commands so (CVE-2011-0411).`,
    rest.length,
  );
  return undefined;
}

/** TLS from the first byte. A client that does not begin it gets an explanation instead of silence. */
export async function startImplicit(connection: Connection): Promise<boolean> {
  const { recorder, reader, options } = connection;
  recorder.phase = 'handshake';
  const silent = setTimeout(() => {
    const text = `The client sent nothing for ${options.limits.silentTlsMs / 1000} s; this port expects TLS from the first byte.`;
    connection.end('server', 'timeout', text);
  }, options.limits.silentTlsMs);
  silent.unref();
  connection.waiting = 'tls';
  while (reader.buffered === 0 && !connection.over && (await reader.more()));
  connection.waiting = 'none';
  clearTimeout(silent);
  const first = reader.detach();
  if (connection.ended?.how === 'shutdown') return false;
  if (connection.over) {
    recorder.event('No ClientHello came; the client probably speaks SMTP in clear and waits for a greeting.');
    await explainInClear(connection);
    return false;
  }
  const guess = first.length ? guessFirstBytes(first) : 'need-more';
  if (guess === 'smtp' || guess === 'http' || guess === 'proxy') {
    recorder.anomaly(
      'plaintext-on-tls-port',
      0,
      'Clear text came on a port that expects TLS from the first byte.',
    );
    await explainInClear(connection);
  }
  return handshake(connection, 'implicit', first.length ? first : undefined);
}

async function explainInClear(connection: Connection): Promise<void> {
  const { plain } = connection.options.hints;
  const text = `421 4.7.0 ${replies.tlsExpected.text}${plain ? `; ${plain}` : ''}\r\n`;
  await connection.write(text);
}

/** Runs the handshake and records it; on success `front` and `reader` are those inside TLS. */
async function handshake(
  connection: Connection,
  mode: 'implicit' | 'starttls',
  early: Buffer | undefined,
): Promise<boolean> {
  const { recorder, options } = connection;
  const wire = new TlsWire();
  const atUs = recorder.now();
  const line = recorder.log.count;
  const watch = (from: 'client' | 'server', bytes: Buffer): void => {
    const before = wire.steps.length;
    wire.feed(from, bytes, steadyUs());
    const names = wire.steps.slice(before).map((step) => step.name);
    const shown = from === 'client' && wire.notTls === 'client' ? showStray(connection, bytes) : bytes;
    recorder.raw('tls', from, names.join(', ') || 'TLS bytes', shown, {
      chunk: recorder.chunk(from, bytes.length),
    });
  };
  const transport = new TapSocket(connection.socket, watch);
  // The bytes that came before the watch are shown to the wire by startTls.
  if (early) {
    const shown = early[0] === 0x16 ? early : showStray(connection, early);
    const name = guessFirstBytes(early) === 'tls' && early[0] === 0x16 ? 'ClientHello' : 'first bytes';
    recorder.raw('tls', 'client', name, shown, { chunk: recorder.log.lastChunk });
  }
  connection.waiting = 'tls';
  const { socket, facts } = await startTls(transport, options.tls!, {
    mode,
    openedUs: recorder.openedSteadyUs,
    wire,
    ...(early ? { early } : {}),
    ...faultInHandshake(connection, transport, wire),
  });
  connection.waiting = 'none';
  transport.tap = undefined;
  recorder.session.handshakes.push({ ...facts, line, atUs });
  if (!socket) {
    const failure = facts.failure?.text ?? 'The TLS handshake failed.';
    const by = facts.failure?.by ?? 'client';
    const stalled = facts.failure?.code === 'ERR_TLS_HANDSHAKE_TIMEOUT';
    connection.end(stalled ? 'server' : by, stalled ? 'timeout' : 'tls', failure);
    recorder.changed();
    return false;
  }
  recorder.secure = true;
  recorder.settlePhase();
  recorder.session.tls = facts.version;
  connection.tls = facts.version;
  connection.front = socket;
  connection.reader = connection.read(socket);
  recorder.event(`TLS is up: ${[facts.version, facts.cipher, facts.group].filter(Boolean).join(', ')}`);
  recorder.changed();
  return true;
}
