// For agents that speak HTTP, at /mcp of the web port.
import { createMcpHandler } from '@modelcontextprotocol/server';
import { connect } from '../../shared/client/client.ts';
import { createAgentServer } from './agent-server.ts';

const maxRequestBytes = 1024 * 1024;

export interface AgentEndpoint {
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** `url` is where the API is: the tools ask it as any client does, with the rights of who asks them. */
export function createAgentEndpoint(url: () => string, onProblem: (error: Error) => void): AgentEndpoint {
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const authorization = requestInfo?.headers.get('authorization');
      return createAgentServer(connect(url(), authorization ? { headers: { authorization } } : {}));
    },
    { maxRequestBodySize: maxRequestBytes, onerror: onProblem },
  );
  return { fetch: (request) => handler.fetch(request), close: () => handler.close() };
}
