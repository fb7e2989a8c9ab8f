// Stands in for the sandbox in tests of the command: it listens for SMTP, records what it is sent and does no more.
import { createServer, type AddressInfo } from 'node:net';
import type { Config } from '../../server/config/read-config.ts';
import { MailscopeError } from '../../shared/errors.ts';

export async function startSandbox(
  config: Config,
): Promise<{ ready: { smtp: string[]; http: string } } & AsyncDisposable> {
  if (config.httpPort === 9)
    throw new MailscopeError('conflict', 'The web port localhost:9 is in use.', {
      hint: 'Take another one.',
      cause: new Error('EADDRINUSE'),
    });
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    ready: {
      smtp: [`smtp://127.0.0.1:${port}?tls=none`, 'smtps://127.0.0.1:1465'],
      http: 'http://127.0.0.1:8025',
    },
    async [Symbol.asyncDispose]() {
      // A data folder called "stuck" makes stopping take for ever.
      if (config.data.endsWith('stuck')) await new Promise(() => {});
      server.close();
    },
  };
}
