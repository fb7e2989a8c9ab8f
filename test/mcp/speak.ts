// Speaks the Model Context Protocol as its wire has it: JSON-RPC, over HTTP or over lines.
import { once } from 'node:events';
import type { Run } from '../cli/command.ts';

export interface RpcAnswer {
  jsonrpc: '2.0';
  id: number | string | null;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
}

export interface ToolAnswer {
  text: string;
  isError: boolean;
}

export const request = (id: number, method: string, params: object = {}): object => ({
  ...{ jsonrpc: '2.0', id, method, params },
});

export const greeting = (protocolVersion: string): object => ({
  ...{ protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});

/** Of revision 2026-07-28 on each request says what it speaks. */
export const modern = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

export const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** The JSON of an answer, or that of its only event. */
export async function readAnswer(response: Response): Promise<RpcAnswer> {
  const text = await response.text();
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  const json = isStream ? /^data: (\{.*)$/m.exec(text)?.[1] : text;
  return JSON.parse(json ?? 'null') as RpcAnswer;
}

export function toolAnswer({ result, error }: RpcAnswer): ToolAnswer {
  const content = result?.content as { type: string; text: string }[] | undefined;
  return { text: content?.[0]?.text ?? error?.message ?? '', isError: result?.isError === true };
}

export const callTool = async (url: string, name: string, args: object = {}): Promise<ToolAnswer> =>
  toolAnswer(await readAnswer(await post(url, request(1, 'tools/call', { name, arguments: args }))));

/** What stands between the marks, as the JSON that it is. */
export function untrustedPart(text: string): string {
  const found = /^----- begin untrusted ([0-9a-f]{16}) -----\n([^]*)\n----- end untrusted \1 -----$/m.exec(
    text,
  );
  return found?.[2] ?? `no marks in: ${text}`;
}

/** Sends lines to a process and gives the answers by their id. */
export function overLines({ child, out }: Run) {
  const find = (id: number): RpcAnswer | undefined =>
    out()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as RpcAnswer)
      .find((answer) => answer.id === id);
  return {
    send: (message: object | string): void =>
      void child.stdin!.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    async answer(id: number): Promise<RpcAnswer> {
      for (;;) {
        const found = find(id);
        if (found) return found;
        await once(child.stdout!, 'data');
      }
    },
    close: (): void => void child.stdin!.end(),
  };
}
