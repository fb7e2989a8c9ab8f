// mailscope mcp: between an agent on standard input and output, and a running Mailscope.
import { escapeControls } from '../log.ts';
import { serveAgentOnStdio } from '../mcp/stdio.ts';
import type { AgentOptions } from './mail-commands.ts';
import { connectTo } from './server-flags.ts';

export async function serveAgent(options: AgentOptions): Promise<number> {
  await serveAgentOnStdio(connectTo(options), (error) => {
    process.stderr.write(`mailscope: ${escapeControls(error.message.slice(0, 1000))}\n`);
  });
  return 0;
}
