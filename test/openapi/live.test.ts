// What a running Mailscope answers is what its OpenAPI document says.
import { expect, test } from 'vitest';
import { errorStatus, type ErrorBody } from '../../shared/errors.ts';
import type { Operation, ResponseObject } from '../../shared/openapi/document.ts';
import { openApiDocument } from '../../shared/openapi/document.ts';
import { commonErrors } from '../../shared/openapi/errors.ts';
import { routes, type RouteName } from '../../shared/routes.ts';
import { rejectCertificate } from '../support/reject-certificate.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { liveRequests, type Known, type LiveRequest } from './live-calls.ts';
import { problemsOf } from './validate.ts';

const document = openApiDocument('0.0.0');
const operations = new Map<RouteName, Operation>(
  Object.values(document.paths)
    .flatMap((item) => Object.values(item))
    .map((operation) => [operation.operationId, operation]),
);

/** Mail with and without login, a handshake that fails, a session that still runs. */
async function fill(sandbox: TestSandbox): Promise<Known> {
  const { client } = sandbox;
  const sample = await client.sendSample({ body: { kind: 'html', listener: 'submission' } });
  const spare = await client.sendSample({ body: { kind: 'text' } });
  await using bad = await sandbox.wire(2);
  bad.send('EHLO clear.example\r\n');
  const failed = await client.awaitSessions({ query: { query: 'outcome:tls-failed', timeout: '8s' } });
  const open = await sandbox.wire();
  await open.hello();
  const running = await client.listSessions({ query: { query: 'outcome:open' } });
  await client.createInbox({ body: { name: 'known' } });
  const token = await client.createInboxToken({ params: { name: 'known' }, body: { scope: 'read' } });
  await rejectCertificate(sandbox.ports[2]!);
  const rejected = await client.awaitSessions({
    query: { query: 'outcome:tls-failed listener:smtps', count: 2 },
  });
  const [issue] = (await client.listIssues({ query: { rule: 'tls.certificate-rejected' } })).items;
  const fault = await client.createFault({ body: { stage: 'quit', then: 'close', enabled: false } });
  return {
    faultId: fault.id,
    rejectedId: rejected.items.find(({ id }) => id !== failed.items[0]!.id)!.id,
    issueId: issue!.id,
    tokenId: token.id,
    messageId: sample.messageId,
    spareId: spare.messageId,
    sessionId: sample.sessionId,
    spareSessionId: failed.items[0]!.id,
    openSessionId: running.items[0]!.id,
    cursor: (await client.readStatus()).cursor,
  };
}

async function ask(url: string, { call, path, body, raw }: LiveRequest): Promise<Response> {
  const { method } = routes[call];
  const type = raw?.type ?? 'application/json';
  const text = raw?.text ?? (body === undefined ? undefined : JSON.stringify(body));
  return fetch(url + path, {
    method,
    ...(text === undefined ? {} : { body: text, headers: { 'Content-Type': type } }),
  });
}

async function problemsWith(request: LiveRequest, response: Response): Promise<string[]> {
  const operation = operations.get(request.call)!;
  const type = (response.headers.get('content-type') ?? '').split(';')[0]!;
  const told = operation.responses[String(response.status)] ?? operation.responses['default']!;
  const { content = {} } =
    '$ref' in told ? document.components.responses['Error']! : (told as ResponseObject);
  const problems = response.headers.get('mailscope-cursor') ? [] : ['the cursor is missing'];
  if (type !== 'application/json')
    return Object.keys(content).some((one) => one === type || one === 'application/octet-stream')
      ? problems
      : [`${type} is not told`];
  const answer = (await response.json()) as ErrorBody;
  if (!response.ok) {
    const { code } = answer.error;
    if (![...operation['x-error-codes'], ...commonErrors].includes(code))
      problems.push(`${code} is not told`);
    if (errorStatus[code] !== response.status) problems.push(`${code} with ${response.status}`);
    if (request.code !== undefined && request.code !== code) problems.push(`${code}, not ${request.code}`);
  }
  const schema = content['application/json']?.schema;
  if (!schema) return [...problems, 'JSON is not told'];
  // `details` is told by a second schema, which the first does not know.
  const parts =
    schema.allOf && answer.error.details !== undefined ? schema.allOf : [schema.allOf?.[0] ?? schema];
  const strict = parts.flatMap((part) => problemsOf(answer, part, document.components.schemas));
  return [...problems, ...strict.filter((text) => !/^\$\.error\.(code|message|hint) is not in/.test(text))];
}

test('every call answers, also when it fails, what the document says, and nothing more', async () => {
  const fault = ['{"stage":"quit","then":"hang","enabled":false}'];
  await using sandbox = await startTestSandbox({ fault });
  const requests = liveRequests(await fill(sandbox));
  expect(
    Object.keys(routes).filter((name) => !requests.some(({ call, status }) => call === name && status < 300)),
    'calls without a request in test/openapi/live-calls.ts',
  ).toEqual([]);
  for (const request of requests) {
    const response = await ask(sandbox.url, request);
    const what = `${request.call} ${request.path}`;
    expect(response.status, what).toBe(request.status);
    expect(await problemsWith(request, response), what).toEqual([]);
  }
}, 30_000);

test('the served document is the one of the contract, with the version of the program', async () => {
  await using sandbox = await startTestSandbox();
  const { version } = await sandbox.client.readStatus();
  const served = await sandbox.client.readOpenApi();
  expect(served).toEqual(JSON.parse(JSON.stringify(openApiDocument(version))));
});
