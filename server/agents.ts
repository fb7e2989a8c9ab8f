// The endpoint for agents, loaded when the first of them asks: its library is large, and most runs never need it.
import type { Log } from './log.ts';
import type { AgentEndpoint } from './mcp/endpoint.ts';

/** `url` is where our own API is, once it listens. */
export function openAgents(
  url: () => string,
  log: Log,
): { fetch(request: Request): Promise<Response> } & AsyncDisposable {
  let opened: Promise<AgentEndpoint> | undefined;
  const open = async (): Promise<AgentEndpoint> => {
    const { createAgentEndpoint } = await import('./mcp/endpoint.ts');
    return createAgentEndpoint(
      () => url().replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:'),
      (error) => log.debug(`An agent: ${error.message}`),
    );
  };
  return {
    fetch: async (request) => (await (opened ??= open())).fetch(request),
    async [Symbol.asyncDispose]() {
      await (await opened)?.close();
    },
  };
}
