// The PROXY protocol header (versions 1 and 2) that a load balancer sends before everything else.
import { clientLeft } from './client-left.ts';
import type { Connection } from './connection.ts';
import { parseProxyHeader } from './proxy-header.ts';
import { replies } from './replies.ts';
import { showStray } from './show-stray.ts';

/** Takes the header and gives the session the peer that it names; false when there was none that is valid. */
export async function takeProxyHeader(connection: Connection): Promise<boolean> {
  const { recorder, reader } = connection;
  const sinceUs = recorder.now();
  let bytes = Buffer.alloc(0);
  for (;;) {
    const found = parseProxyHeader(bytes);
    if (found.kind === 'header') {
      const header = bytes.subarray(0, found.length);
      const line = recorder.raw('raw', 'client', `PROXY protocol header, version ${found.version}`, header);
      reader.unread(bytes.subarray(found.length), {
        bytes,
        atUs: reader.lastAtUs,
        chunk: recorder.log.lastChunk,
        chunks: 1,
      });
      const { session } = recorder;
      session.proxy = { version: found.version, source: found.source, destination: found.destination, line };
      if (found.source) session.peer = found.source;
      return true;
    }
    if (found.kind !== 'need-more') {
      const reason = found.kind === 'invalid' ? found.reason : 'the connection did not begin with one';
      return refuseHeader(
        connection,
        bytes,
        `A PROXY protocol header was expected (proxy=true), but ${reason}.`,
      );
    }
    connection.waiting = 'command';
    connection.partialSinceUs = sinceUs;
    const some = connection.over ? undefined : reader.trySome(4096);
    if (some) bytes = Buffer.concat([bytes, some.bytes]);
    else if (connection.over || (!(await reader.more()) && reader.buffered === 0)) {
      connection.waiting = 'none';
      recordBytes(connection, bytes);
      clientLeft(connection);
      return false;
    }
    connection.waiting = 'none';
    connection.partialSinceUs = undefined;
  }
}

async function refuseHeader(connection: Connection, bytes: Buffer, text: string): Promise<false> {
  recordBytes(connection, bytes);
  await connection.endWith(replies.proxyExpected, 'error', text);
  return false;
}

function recordBytes(connection: Connection, bytes: Buffer): void {
  if (bytes.length === 0) return;
  connection.recorder.raw('raw', 'client', 'no valid PROXY protocol header', showStray(connection, bytes));
}
