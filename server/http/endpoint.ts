// Binds the calls of shared/routes.ts to one small function each: parses what comes in by the contract, sends
// what the function returns, and answers 405 for the other methods of a path.
import type { Express, Request, Response } from 'express';
import type * as z from 'zod';
import { api, type Answer, type Call, type Parsed } from '../../shared/api.ts';
import { MailscopeError } from '../../shared/errors.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import { routes, type RouteName } from '../../shared/routes.ts';
import { readJson } from './body.ts';
import { explainInput, fieldsOf, type Place } from './explain-input.ts';
import type { Grant, HttpParts } from './parts.ts';
import { checkPermission, viewOf } from './visitor.ts';

/** For answers that are not JSON: the handler has written it to the response itself. */
export const written = { written: true } as const;
export type Written = typeof written;

export interface Exchange {
  request: Request;
  response: Response;
  visitor: Grant;
  /** The inbox that the call is limited to, by the token or by `inbox=`. */
  view: InboxView;
}
export type Handler<N extends RouteName> = (
  given: Parsed<N>,
  exchange: Exchange,
) => Promise<Answer<N> | Written> | Answer<N> | Written;
export type Handlers = { [N in RouteName]: Handler<N> };

function parsePlace(place: Place, schema: z.ZodType | undefined, given: unknown): unknown {
  const fields = fieldsOf(schema);
  if (schema === undefined) {
    const extra = Object.keys(given ?? {})[0];
    if (extra === undefined) return undefined;
    throw new MailscopeError('invalid_request', `${place}.${extra} is not taken by this call.`, {
      hint: `Leave the ${place} away.`,
    });
  }
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = explainInput(place, result.error.issues, { given, known: fields });
  const [first] = problems;
  // Where a field inside is not known, what is known there.
  const inside = first?.problem === 'is not known' ? first.path.split('.').slice(1, -1) : [];
  const there = fieldsOf(schema, inside);
  const taken = there.length > 0 ? there : fields;
  const taking = inside.length > 0 && there.length > 0 ? inside.join('.') : `The ${place}`;
  throw new MailscopeError(
    'invalid_request',
    `${first?.path ?? place}: ${first?.problem ?? 'is not valid'}`.slice(0, 500),
    {
      hint: taken.length > 0 ? `${taking} takes: ${taken.join(', ')}.` : null,
      details: problems.map(({ path, problem }) => ({
        path: path.slice(0, 200),
        problem: problem.slice(0, 300),
      })),
    },
  );
}

function checkAnswer(name: RouteName, call: Call, answer: unknown): void {
  const result = call.response?.safeParse(answer);
  if (result && !result.success)
    throw new Error(`The answer of ${name} is not as the contract says: ${result.error.message}`);
}

const literalFirst = (a: string, b: string): number => Number(a.includes(':')) - Number(b.includes(':'));

/** Every route of the table gets its handler; a path that is asked with another method answers 405. */
export function bindRoutes(
  app: Express,
  handlers: Handlers,
  parts: Pick<HttpParts, 'grants' | 'inboxes'>,
  options: { checkAnswers: boolean },
): void {
  const names = Object.keys(routes) as RouteName[];
  const paths = [...new Set(names.map((name) => routes[name].path))].sort(literalFirst);
  for (const path of paths) {
    const calls = new Map(
      names.filter((name) => routes[name].path === path).map((n) => [routes[n].method, n]),
    );
    app.all(path, async (request, response) => {
      const name = calls.get((request.method === 'HEAD' ? 'GET' : request.method) as 'GET');
      if (name === undefined) {
        const allowed = [...calls.keys(), ...(calls.has('GET') ? ['HEAD'] : [])].join(', ');
        response.setHeader('Allow', allowed);
        throw new MailscopeError('method_not_allowed', `${request.method} is not possible here.`, {
          hint: `Use ${allowed}.`,
        });
      }
      const visitor = checkPermission(request, name);
      const call: Call = api[name];
      // A raw body is read by the handler, while it arrives.
      const body = 'bodyType' in routes[name] ? undefined : await readJson(request);
      const given = {
        params: parsePlace('path', call.params, call.params ? { ...request.params } : undefined),
        query: parsePlace('query', call.query, request.query),
        body: parsePlace('body', call.body, body),
      };
      const { inbox } = ((name === 'checkExpectation' ? given.body : given.query) ?? {}) as {
        inbox?: string;
      };
      const view = viewOf(visitor, inbox, parts);
      const exchange: Exchange = { request, response, visitor, view };
      const answer = await (handlers[name] as Handler<RouteName>)(given as never, exchange);
      if (answer === written) return;
      if (options.checkAnswers) checkAnswer(name, call, answer);
      response.setHeader('Cache-Control', 'no-store');
      response.status(call.status ?? 200).json(answer);
    });
  }
}
