// A running web server over fake parts, and a way to say to it exactly what a test wants.
import { connect } from 'node:net';
import { startHttp } from '../../server/http/server.ts';
import type { HttpOptions } from '../../server/http/parts.ts';
import { createFake, type Fake } from './fake-parts.ts';

export interface TestHttp extends AsyncDisposable {
  url: string;
  port: number;
  fake: Fake;
}

export async function startTestHttp(
  options: Partial<HttpOptions> = {},
  fake = createFake(),
): Promise<TestHttp> {
  const server = await startHttp(fake, {
    host: '127.0.0.1',
    port: 0,
    allowHosts: [],
    webFolder: '/nowhere',
    checkAnswers: true,
    ...options,
  });
  return {
    url: server.url,
    port: server.port,
    fake,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Sends the bytes as they are and gives everything that came back until the server closed or `until` matched. */
export function sayRaw(port: number, bytes: string | Buffer, until?: RegExp): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let heard = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      heard += chunk;
      if (until?.test(heard)) socket.destroy();
    });
    socket.on('close', () => done(heard));
    socket.on('error', (error) => (heard === '' ? fail(error) : done(heard)));
    socket.setTimeout(30_000, () => socket.destroy(new Error(`no end after: ${heard}`)));
  });
}

/** A request line and headers, each as given; `Connection: close` is added. */
export const rawRequest = (line: string, headers: string[], body = ''): string =>
  [line, ...headers, 'Connection: close', '', body].join('\r\n');

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
