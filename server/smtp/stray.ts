// A client that speaks something else than SMTP on a port without TLS: recognised by its first bytes, explained.
import { steadyUs } from '../clock.ts';
import type { Connection } from './connection.ts';
import { replies } from './replies.ts';
import { showStray } from './show-stray.ts';
import { unexpectedFacts } from './tls/facts.ts';
import { guessFirstBytes } from './tls/first-bytes.ts';
import { TlsWire } from './tls/wire.ts';

/** Waits for the next bytes. */
export async function awaitBytes(connection: Connection): Promise<void> {
  connection.waiting = 'command';
  while (connection.reader.buffered === 0 && !connection.over && (await connection.reader.more()));
  connection.waiting = 'none';
}

/** The bytes at hand may be no SMTP; most commands are told by their first byte. */
export function mayBeStray({ reader, recorder, over }: Connection): boolean {
  const first = reader.peek()?.[0];
  return !recorder.secure && !over && (first === 0x16 || first === 0x0d);
}

/** True when they were no SMTP and the session is over. */
export async function strayFirstBytes(connection: Connection): Promise<boolean> {
  const { recorder } = connection;
  const first = connection.reader.peek();
  if (connection.over || !first) return false;
  if (first[0] === 0x16 && (first.length < 2 || first[1] === 3)) {
    await unexpectedHello(connection);
    return true;
  }
  if (recorder.session.commands === 0 && first[0] === 0x0d && guessFirstBytes(first) === 'proxy') {
    const text =
      'A PROXY protocol header (version 2) came, but this listener does not take one (proxy=true).';
    const shown = showStray(connection, connection.reader.detach());
    recorder.raw('raw', 'client', 'PROXY protocol header, version 2', shown);
    recorder.anomaly('proxy-header-unexpected', recorder.log.count - 1, text);
    await connection.endWith(
      { ...replies.proxyExpected, text: 'This port takes no PROXY protocol header' },
      'error',
      text,
    );
    return true;
  }
  return false;
}

const httpRequest =
  /^(?:(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|CONNECT|TRACE|PATCH) (?:\/|\S+ HTTP\/\d)|[A-Za-z-]+ \/\S* HTTP\/\d)/;

/** By its start alone: a web page can make the line as long as it likes, and what follows it are its own words. */
export const isHttpRequest = (line: Buffer): boolean => httpRequest.test(line.toString('latin1', 0, 2048));

export async function refuseHttp(connection: Connection, line: number): Promise<void> {
  const { recorder, options } = connection;
  const text = 'The client sent an HTTP request to an SMTP port.';
  recorder.anomaly('http-on-smtp-port', line, text);
  const { web } = options.hints;
  const said = web ? `${replies.httpOnSmtp.text}; the web page is at ${web}` : replies.httpOnSmtp.text;
  await connection.endWith({ ...replies.httpOnSmtp, text: said }, 'error', text);
}

/** The client began TLS on a port that has none, or before STARTTLS. */
async function unexpectedHello(connection: Connection): Promise<void> {
  const { recorder, reader } = connection;
  recorder.phase = 'handshake';
  const wire = new TlsWire();
  const atUs = recorder.now();
  const line = recorder.log.count;
  const late = setTimeout(() => reader.stop(), connection.options.limits.handshakeMs);
  late.unref();
  connection.waiting = 'tls';
  for (;;) {
    const some = reader.trySome(64 * 1024);
    if (some) {
      wire.feed('client', some.bytes, steadyUs());
      const name = wire.steps.at(-1)?.name ?? 'TLS bytes';
      recorder.raw('tls', 'client', name, some.bytes, { chunk: some.chunk });
    }
    if (wire.clientHello || wire.notTls || reader.ended) break;
    if (!some && !(await reader.more())) break;
  }
  connection.waiting = 'none';
  clearTimeout(late);
  const facts = unexpectedFacts(wire.clientHello, atUs);
  recorder.session.handshakes.push({ ...facts, line, atUs });
  const text = facts.failure?.text ?? 'The client began TLS on a port without TLS.';
  recorder.anomaly('tls-on-plain-port', line, text);
  connection.end('server', 'tls', text);
}
