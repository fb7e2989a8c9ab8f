// For agents that start the command and speak over its standard input and output.
import { once } from 'node:events';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Client } from '../../shared/client/client.ts';
import { createAgentServer } from './agent-server.ts';

/** Resolves when standard input ends. The Mailscope of the client may start later. */
export async function serveAgentOnStdio(client: Client, onProblem: (error: Error) => void): Promise<void> {
  const ended = once(process.stdin, 'close');
  const serving = serveStdio(() => createAgentServer(client), { onerror: onProblem });
  await ended;
  await serving.close();
}
