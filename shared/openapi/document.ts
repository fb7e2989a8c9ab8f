// The OpenAPI 3.1 document of the API, made from the contract: routes.ts and api.ts.
import { api, type Call } from '../api.ts';
import { errorStatus, type ErrorCode } from '../errors.ts';
import { routes, type RouteName } from '../routes.ts';
import { commonErrors, errorMeanings, errorsOf } from './errors.ts';
import { examples } from './examples.ts';
import { contractSchemas, type CallSchemas, type JsonSchema } from './schemas.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
}
type Content = Record<string, { schema: JsonSchema; example?: unknown }>;
export interface ResponseObject {
  description: string;
  headers?: Record<string, unknown>;
  content?: Content;
}
export interface Operation {
  operationId: RouteName;
  tags: [string];
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, ResponseObject | { $ref: string }>;
  /** Empty: nothing is needed. Otherwise what the document says for all. */
  security?: [];
  /** The error codes that this call may answer beside the common ones. */
  'x-error-codes': ErrorCode[];
}
export interface OpenApiDocument {
  openapi: '3.1.1';
  info: {
    title: string;
    version: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: { url: string }[];
  tags: { name: string; description?: string }[];
  security: Record<string, string[]>[];
  paths: Record<string, Partial<Record<'get' | 'post' | 'put' | 'patch' | 'delete', Operation>>>;
  components: {
    schemas: Record<string, JsonSchema>;
    responses: Record<string, ResponseObject>;
    headers: Record<string, unknown>;
    securitySchemes: Record<string, JsonSchema>;
  };
}

const overview = `Errors have one body, \`{"error":{"code","message","hint","details"}}\`; the codes are listed at the schema Error.

Every answer carries the header \`Mailscope-Cursor\`: the place in the log of changes from which a wait (\`after\`) or the list of events (\`since\`) goes on.

Times are ISO 8601 in UTC, and micro-seconds since 1970 in fields that end in \`Us\`. Durations are \`300ms\`, \`8s\`, \`2m\` or a number of milliseconds. Sizes are in bytes.

A later version may add calls, optional parameters and fields of answers; nothing else changes within a major version. A change that a browser asks for needs the header \`X-Mailscope: 1\`.`;

const securitySchemes = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of the configuration (`--token`), or of an inbox.',
  },
  password: {
    type: 'http',
    scheme: 'basic',
    description: 'Any user, with the password (`--password`) or a token as its password.',
  },
};
/** Where neither is set, nothing is needed. */
const security = [{}, ...Object.keys(securitySchemes).map((name) => ({ [name]: [] }))];
const openToAll = new Set<RouteName>(['readReady', 'readCa', 'readLogin', 'logIn', 'logOut']);

const diagnosis: [string, string] = [
  'Diagnosis',
  'Rules, what an error text means, and the problems that were found.',
];
const groups: Record<string, [name: string, description: string]> = {
  messages: ['Messages', 'What arrived: list, search, wait, read, mark, delete.'],
  sessions: ['Sessions', 'The connections, with and without messages, and their transcripts.'],
  expect: ['Expectations', 'Conditions on messages and sessions, checked by the server.'],
  inboxes: ['Inboxes', 'Where messages are gathered: logins, rules, limits, tokens, life time.'],
  rules: diagnosis,
  'explain-error': diagnosis,
  issues: diagnosis,
  events: ['Events', 'The log of what changed; live it comes over socket.io, namespace /live.'],
};
const serverGroup: [string, string] = ['Server', 'What runs, and how to trust and to try it.'];
const known = new Set(['login', 'logout', 'status', 'ready', 'ca.pem', 'sample', 'openapi.json']);

function groupOf(path: string): [name: string, description?: string] {
  const word = path.split('/')[2] ?? '';
  if (known.has(word)) return serverGroup;
  return groups[word] ?? [word.charAt(0).toUpperCase() + word.slice(1)];
}

const errorRef: JsonSchema = { $ref: '#/components/schemas/Error' };
const explained = (codes: readonly ErrorCode[]): string =>
  codes.map((code) => `\`${code}\`: ${errorMeanings[code]}`).join('\n');

/** Error and, for waits, what its details are. */
function errorSchema(codes: readonly ErrorCode[]): JsonSchema {
  if (!codes.some((code) => errorMeanings[code].includes('WaitFailure'))) return errorRef;
  const details = { $ref: '#/components/schemas/WaitFailure' };
  return { allOf: [errorRef, { properties: { error: { properties: { details } } } }] };
}

function errorResponses(codes: ErrorCode[]): Record<string, ResponseObject> {
  const statuses = [...new Set(codes.map((code) => errorStatus[code]))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const here = codes.filter((code) => errorStatus[code] === status);
      const content = { 'application/json': { schema: errorSchema(here) } };
      return [String(status), { description: explained(here), content }];
    }),
  );
}

function parametersOf(name: RouteName, { params, query }: CallSchemas): Parameter[] {
  const example = examples[name];
  const from = (place: 'path' | 'query', schema: JsonSchema | undefined): Parameter[] =>
    Object.entries(schema?.properties ?? {}).map(([field, { description, ...rest }]) => {
      const tried = (place === 'path' ? example?.params : example?.query)?.[field];
      return {
        name: field,
        in: place,
        required: place === 'path' || (schema?.required?.includes(field) ?? false),
        ...(description === undefined ? {} : { description }),
        schema: rest,
        ...(tried === undefined ? {} : { example: tried }),
      };
    });
  return [...from('path', params), ...from('query', query)];
}

function answerOf(call: Call, response: JsonSchema | undefined): ResponseObject {
  const headers = { 'Mailscope-Cursor': { $ref: '#/components/headers/Mailscope-Cursor' } };
  const json: Content = response ? { 'application/json': { schema: response } } : {};
  const other: Content = call.contentType ? { [call.contentType]: { schema: {} } } : {};
  return { description: 'Done.', headers, content: { ...json, ...other } };
}

function operationOf(name: RouteName, schemas: CallSchemas): Operation {
  const call: Call = api[name];
  const codes = errorsOf(name);
  const parameters = parametersOf(name, schemas);
  const example = examples[name]?.body;
  const { body } = schemas;
  const isOptional = call.body?.safeParse(undefined).success ?? false;
  const { bodyType } = { bodyType: undefined, ...routes[name] };
  const content: Content | undefined = bodyType
    ? { [bodyType]: { schema: {} } }
    : body && { 'application/json': { schema: body, ...(example === undefined ? {} : { example }) } };
  return {
    operationId: name,
    tags: [groupOf(routes[name].path)[0]],
    summary: call.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(content ? { requestBody: { required: !isOptional, content } } : {}),
    responses: {
      [call.status ?? 200]: answerOf(call, schemas.response),
      ...errorResponses(codes),
      default: { $ref: '#/components/responses/Error' },
    },
    ...(openToAll.has(name) ? { security: [] } : {}),
    'x-error-codes': codes,
  };
}

/** `version` is that of the program. */
export function openApiDocument(version: string): OpenApiDocument {
  const { components, calls } = contractSchemas();
  const names = Object.keys(routes) as RouteName[];
  const paths: OpenApiDocument['paths'] = {};
  const tags = new Map<string, { name: string; description?: string }>();
  for (const name of names) {
    const { method, path } = routes[name];
    const [tag, description] = groupOf(path);
    tags.set(tag, { name: tag, ...(description === undefined ? {} : { description }) });
    const item = (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {});
    item[method.toLowerCase() as keyof typeof item] = operationOf(name, calls[name]);
  }
  const codes = Object.keys(errorStatus) as ErrorCode[];
  const error = components['Error']!;
  error.description = `The one body of every error.\n${codes.map((code) => `${errorStatus[code]} ${explained([code])}`).join('\n')}`;
  return {
    openapi: '3.1.1',
    info: {
      title: 'Mailscope',
      version,
      description: overview,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...tags.values()],
    security,
    paths,
    components: {
      schemas: components,
      securitySchemes,
      responses: {
        Error: {
          description: `Any other error:\n${explained(commonErrors)}`,
          content: { 'application/json': { schema: errorRef } },
        },
      },
      headers: {
        'Mailscope-Cursor': {
          description: 'The newest change; what `after` and `since` go on from.',
          schema: { type: 'string' },
        },
      },
    },
  };
}
