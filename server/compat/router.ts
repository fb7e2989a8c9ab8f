// Finds the call for a method and a path. Their paths are few, so they are looked at one by one.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MailscopeError } from '../../shared/errors.ts';
import { send } from './answers.ts';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** Of the path, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `:name` stands for a segment or a part of one: `/view/:id.html`. */
  path: string;
  /** A slash at the end of the path does not matter. */
  slash?: true;
  answer(exchange: Exchange): Promise<void> | void;
}

interface Compiled extends Call {
  pattern: RegExp;
  names: string[];
}

function compile(call: Call): Compiled {
  const names = [...call.path.matchAll(/:(\w+)/g)].map((found) => found[1]!);
  const source = call.path
    .split(/:\w+/)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('([^/]+)');
  return { ...call, names, pattern: new RegExp(`^${source}${call.slash ? '/?' : ''}$`) };
}

export interface Router {
  /** False: there is no such path. Throws MailscopeError `method_not_allowed` where it has other methods. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Whether any call has this path. */
  serves(path: string): boolean;
}

/** The first call that fits is taken, so literal paths stand before those with names. */
export function createRouter(calls: Call[]): Router {
  const compiled = calls.map(compile);
  const answer: Router['answer'] = async (request, response) => {
    const [path, search = ''] = (request.url ?? '').split(/\?(.*)/s) as [string, string?];
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const allowed = new Set<string>();
    for (const call of compiled) {
      const found = call.pattern.exec(path);
      if (!found) continue;
      if (call.method !== method) {
        allowed.add(call.method);
        continue;
      }
      const params = Object.fromEntries(
        call.names.map((name, i) => [name, decodeURIComponent(found[i + 1]!)]),
      );
      await call.answer({ request, response, params, query: new URLSearchParams(search) });
      return true;
    }
    if (allowed.size === 0) return false;
    const methods = [...allowed, ...(allowed.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    response.setHeader('Allow', methods);
    if (method !== 'OPTIONS')
      throw new MailscopeError('method_not_allowed', `${method} is not possible here.`, {
        hint: `Use ${methods}.`,
      });
    // As Mailpit and MailHog answer it, but for other origins nothing is allowed.
    send(response, '', { type: 'text/plain' });
    return true;
  };
  return { answer, serves: (path) => compiled.some(({ pattern }) => pattern.test(path)) };
}
