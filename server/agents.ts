// The endpoint for agents, loaded when the first of them asks: its library is large, and most runs never need it.
import { connect } from '../shared/client/client.ts';
import type { Log } from './log.ts';
import type { AgentEndpoint } from './mcp/endpoint.ts';
import { fetchWith } from './own-fetch.ts';

/** `url` is where our own API is, once it listens. */
export function openAgents(
  url: () => string,
  log: Log,
): { fetch(request: Request): Promise<Response> } & AsyncDisposable {
  // Nobody else can be at our own port, and a certificate that was given need not name its address.
  const ask = fetchWith({ rejectUnauthorized: false });
  let opened: Promise<AgentEndpoint> | undefined;
  const open = async (): Promise<AgentEndpoint> => {
    const { createAgentEndpoint } = await import('./mcp/endpoint.ts');
    return createAgentEndpoint(
      (headers) =>
        connect(url().replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:'), {
          headers,
          fetch: ask,
        }),
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
