// GET /api/v1/swagger.json: Mailpit's calls as they are answered here, in Swagger 2.0 as Mailpit describes its own.

type Schema = Record<string, unknown>;
interface Operation {
  call: string;
  summary: string;
  query?: string[];
  body?: Schema;
  /** Of the answer; by itself it is plain text. */
  answer?: Schema;
  type?: string;
}

const text = { type: 'string' };
const count = { type: 'integer' };
const flag = { type: 'boolean' };
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties });
const one = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
const fields = (names: string, schema: Schema): Record<string, Schema> =>
  Object.fromEntries(names.split(' ').map((name) => [name, schema]));

const people = { From: one('Address'), ...fields('To Cc Bcc ReplyTo', listOf(one('Address'))) };
const definitions: Record<string, Schema> = {
  Address: object(fields('Name Address', text)),
  Attachment: object({
    ...fields('PartID FileName ContentType ContentID', text),
    Size: count,
    Checksums: object(fields('MD5 SHA1 SHA256', text)),
  }),
  MessageSummary: object({
    ...fields('ID MessageID Subject Created Username Snippet', text),
    ...people,
    Read: flag,
    Tags: listOf(text),
    ...fields('Size Attachments', count),
  }),
  MessagesSummary: object({
    ...fields('total unread messages_count messages_unread start', count),
    tags: listOf(text),
    messages: listOf(one('MessageSummary')),
  }),
  Message: object({
    ...fields('ID MessageID ReturnPath Subject Date Username Text HTML', text),
    ...people,
    ListUnsubscribe: object({ ...fields('Header Errors HeaderPost', text), Links: listOf(text) }),
    Tags: listOf(text),
    Size: count,
    ...fields('Inline Attachments', listOf(one('Attachment'))),
  }),
  SendRequest: object({
    From: one('SendAddress'),
    ...fields('To Cc ReplyTo', listOf(one('SendAddress'))),
    ...fields('Bcc Tags', listOf(text)),
    ...fields('Subject Text HTML', text),
    Headers: { type: 'object', additionalProperties: text },
    Attachments: listOf(object(fields('Content Filename ContentType ContentID', text))),
  }),
  SendAddress: object(fields('Email Name', text)),
  ChaosTriggers: object(fields('Sender Recipient Authentication', one('ChaosTrigger'))),
  ChaosTrigger: object(fields('ErrorCode Probability', count)),
  Error: object({ Error: text }),
};

const range = ['before', 'since', 'until'];
const page = ['start', 'limit', ...range];
const latest = ['query', 'tz'];
const ids = { IDs: listOf(text) };
const anObject = { type: 'object' };

const operations: Operation[] = [
  { call: 'GET /api/v1/messages', summary: 'List messages', query: page, answer: one('MessagesSummary') },
  {
    call: 'PUT /api/v1/messages',
    summary: 'Set the read status of IDs, of what a search finds, or of all',
    query: ['tz'],
    body: object({ ...ids, Read: flag, Search: text }),
  },
  { call: 'DELETE /api/v1/messages', summary: 'Delete IDs, or all', body: object(ids) },
  {
    call: 'GET /api/v1/search',
    summary: 'Search messages',
    query: ['query', 'tz', ...page],
    answer: one('MessagesSummary'),
  },
  { call: 'DELETE /api/v1/search', summary: 'Delete what a search finds', query: ['query', 'tz'] },
  {
    call: 'GET /api/v1/message/{ID}',
    summary: 'A message, which is then read; ID may be latest',
    query: latest,
    answer: one('Message'),
  },
  {
    call: 'GET /api/v1/message/{ID}/headers',
    summary: 'Its header fields',
    query: latest,
    answer: { type: 'object', additionalProperties: listOf(text) },
  },
  { call: 'GET /api/v1/message/{ID}/raw', summary: 'Its source', query: [...latest, 'dl'] },
  {
    call: 'GET /api/v1/message/{ID}/part/{PartID}',
    summary: 'A part of it',
    query: latest,
    type: 'application/octet-stream',
  },
  {
    call: 'GET /api/v1/message/{ID}/part/{PartID}/thumb',
    summary: 'A blank picture: none is drawn',
    query: latest,
    type: 'image/jpeg',
  },
  {
    call: 'GET /api/v1/message/{ID}/html-check',
    summary: 'Which mail program does not know what of its HTML',
    query: latest,
    answer: anObject,
  },
  {
    call: 'GET /api/v1/message/{ID}/link-check',
    summary: 'Its links; none is asked',
    query: latest,
    answer: anObject,
  },
  {
    call: 'GET /api/v1/message/{ID}/sa-check',
    summary: 'Not there: there is no SpamAssassin',
    query: latest,
  },
  {
    call: 'POST /api/v1/message/{ID}/release',
    summary: 'Refused: nothing is relayed',
    body: object({ To: listOf(text) }),
  },
  {
    call: 'POST /api/v1/send',
    summary: 'Store a message made of this',
    body: one('SendRequest'),
    answer: object({ ID: text }),
  },
  { call: 'GET /api/v1/tags', summary: 'All tags', answer: listOf(text) },
  {
    call: 'PUT /api/v1/tags',
    summary: 'Set the tags of messages',
    body: object({ ...ids, Tags: listOf(text) }),
  },
  { call: 'PUT /api/v1/tags/{Tag}', summary: 'Rename a tag', body: object({ Name: text }) },
  { call: 'DELETE /api/v1/tags/{Tag}', summary: 'Take a tag off all messages' },
  { call: 'GET /api/v1/info', summary: 'About this server', answer: anObject },
  { call: 'GET /api/v1/webui', summary: 'What is set up', answer: anObject },
  { call: 'GET /api/v1/chaos', summary: 'The chaos triggers', answer: one('ChaosTriggers') },
  {
    call: 'PUT /api/v1/chaos',
    summary: 'Set the chaos triggers; those that are left out go back to 0%',
    body: one('ChaosTriggers'),
    answer: one('ChaosTriggers'),
  },
  { call: 'GET /api/v1/swagger.json', summary: 'This document', answer: anObject },
  {
    call: 'GET /view/{ID}.html',
    summary: 'The HTML of a message; ID may be latest',
    query: latest,
    type: 'text/html',
  },
  { call: 'GET /view/{ID}.txt', summary: 'Its text', query: latest },
];

function describe({ call, summary, query = [], body, answer, type }: Operation): Schema {
  const isJsonError = call === 'POST /api/v1/send';
  return {
    summary,
    tags: [call.includes('/view/') ? 'testing' : (/v1\/([a-z]+)/.exec(call)?.[1] ?? 'other')],
    ...(body === undefined ? {} : { consumes: ['application/json'] }),
    produces: [type ?? (answer === undefined ? 'text/plain' : 'application/json')],
    parameters: [
      ...[...call.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, ...text })),
      ...query.map((name) => ({
        ...{ name, in: 'query', ...(name === 'start' || name === 'limit' ? count : text) },
        ...(name === 'query' && query !== latest && !call.includes('{') ? { required: true } : {}),
      })),
      ...(body === undefined ? [] : [{ name: 'Body', in: 'body', schema: body }]),
    ],
    responses: {
      200: {
        description: 'What was asked for',
        ...(type === undefined ? { schema: answer ?? text } : { schema: { type: 'file' } }),
      },
      400: { description: 'Why not', schema: isJsonError ? one('Error') : text },
      ...(call.includes('{ID}') ? { 404: { description: 'There is no such message', schema: text } } : {}),
    },
  };
}

export function swaggerDocument(): Schema {
  const paths: Record<string, Schema> = {};
  for (const operation of operations) {
    const [method, path] = operation.call.split(' ') as [string, string];
    (paths[path] ??= {})[method.toLowerCase()] = describe(operation);
  }
  const description = 'The calls of Mailpit as Mailscope answers them.';
  return {
    swagger: '2.0',
    info: { title: 'Mailpit API', description, version: 'v1' },
    schemes: ['http', 'https'],
    ...{ paths, definitions },
  };
}
