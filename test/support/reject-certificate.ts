// A client that does not trust our CA, and says so as TLS has it.
import { once } from 'node:events';
import { connect } from 'node:net';
import { record } from '../tls/hello-bytes.ts';
import { nodeHello } from '../tls/real-hellos.ts';

const unknownCa = record(Buffer.from([2, 48]), 21, 0x0303);

/** On a port of implicit TLS. */
export async function rejectCertificate(port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  socket.write(await nodeHello({ servername: 'localhost' }));
  await once(socket, 'data');
  socket.end(unknownCa);
}
