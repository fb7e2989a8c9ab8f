// ClientHellos of real TLS clients: a listener takes the first flight of each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { watchClient } from './watch-client.ts';

export async function catchHello(start: (port: number) => void): Promise<Buffer> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const caught = new Promise<Buffer>((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error('no ClientHello within 30 s')), 30_000);
      server.on('connection', (socket) => {
        let bytes: Buffer = Buffer.alloc(0);
        socket.on('error', () => {});
        socket.on('data', (chunk: Buffer) => {
          bytes = Buffer.concat([bytes, chunk]);
          if (watchClient(bytes).clientHello === null) return;
          clearTimeout(deadline);
          socket.destroy();
          resolve(bytes);
        });
      });
    });
    start((server.address() as net.AddressInfo).port);
    return await caught;
  } finally {
    server.close();
  }
}

export const nodeHello = (options: tls.ConnectionOptions = {}): Promise<Buffer> =>
  catchHello((port) => {
    tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }).on('error', () => {});
  });

export const opensslHello = (...args: string[]): Promise<Buffer> =>
  catchHello((port) => void run('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...args]));

export const pythonHello = (): Promise<Buffer> =>
  catchHello(
    (port) =>
      void run('python3', [
        '-c',
        `import ssl,socket\nc=ssl.create_default_context()\nc.wrap_socket(socket.create_connection(("127.0.0.1",${port})),server_hostname="mail.test")`,
      ]),
  );

/** Runs a program to its end and gives all that it printed; killed after 10 s. */
export async function run(program: string, args: string[], input = ''): Promise<string> {
  const child = spawn(program, args, { stdio: 'pipe', timeout: 30_000 });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  await once(child, 'close');
  return output;
}
