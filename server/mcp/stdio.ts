// For agents that start the command and speak over its standard input and output.
import { once } from 'node:events';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { connect } from '../../shared/client/client.ts';
import { createAgentServer } from './agent-server.ts';

/** Resolves when standard input ends. `url` is where Mailscope is; it may start later. */
export async function serveAgentOnStdio(url: string, onProblem: (error: Error) => void): Promise<void> {
  const ended = once(process.stdin, 'close');
  const serving = serveStdio(() => createAgentServer(connect(url)), { onerror: onProblem });
  await ended;
  await serving.close();
}
