// For agents that speak HTTP, at /mcp of the web port.
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Client } from '../../shared/client/client.ts';
import { createAgentServer } from './agent-server.ts';

const maxRequestBytes = 1024 * 1024;

export interface AgentEndpoint {
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** `connectAs` gives a client of the API: the tools ask it as any other does, with the rights of who asks them. */
export function createAgentEndpoint(
  connectAs: (headers: Record<string, string>) => Client,
  onProblem: (error: Error) => void,
): AgentEndpoint {
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const authorization = requestInfo?.headers.get('authorization');
      return createAgentServer(connectAs(authorization ? { authorization } : {}));
    },
    { maxRequestBodySize: maxRequestBytes, onerror: onProblem },
  );
  return { fetch: (request) => handler.fetch(request), close: () => handler.close() };
}
