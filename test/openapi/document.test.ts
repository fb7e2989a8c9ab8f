// The OpenAPI document and the page that shows it.
import { expect, test } from 'vitest';
import { api, type Call } from '../../shared/api.ts';
import { errorStatus } from '../../shared/errors.ts';
import { openApiDocument } from '../../shared/openapi/document.ts';
import { commonErrors, errorMeanings, errorsOf } from '../../shared/openapi/errors.ts';
import { examples } from '../../shared/openapi/examples.ts';
import { routes, type RouteName } from '../../shared/routes.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { rawRequest, sayRaw, startTestHttp, statusOf } from '../http/support.ts';
import { openBrowser } from '../support/browser.ts';

const document = openApiDocument('1.2.3');
const names = Object.keys(routes) as RouteName[];

test('every call is in the document, with what it takes and in a group', () => {
  for (const name of names) {
    const { method, path } = routes[name];
    const item = document.paths[path.replace(/:(\w+)/g, '{$1}')];
    const operation = item?.[method.toLowerCase() as 'get'];
    expect(operation?.operationId, path).toBe(name);
    const call: Call = api[name];
    expect(operation?.requestBody !== undefined, path).toBe(
      call.body !== undefined || 'bodyType' in routes[name],
    );
    const inPath = operation!.parameters?.filter((one) => one.in === 'path').map((one) => one.name) ?? [];
    expect(inPath, path).toEqual([...path.matchAll(/:(\w+)/g)].map((found) => found[1]));
    expect(document.tags.map((tag) => tag.name)).toContain(operation!.tags[0]);
  }
});

test('every reference in it leads somewhere, and every schema is used', () => {
  const text = JSON.stringify(document);
  const used = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((found) => found[1]!));
  expect([...used].sort()).toEqual(Object.keys(document.components.schemas).sort());
  expect(text).not.toContain('$defs');
});

test('what a body may lack has no default, since makers of clients take what has one for needed', () => {
  const bodies = Object.values(document.paths)
    .flatMap((item) => Object.values(item))
    .map(({ requestBody }) => requestBody);
  const { Expectation, InboxRuleInput } = document.components.schemas;
  expect(JSON.stringify([bodies, Expectation, InboxRuleInput])).not.toContain('"default":');
});

test('every error code is told, with its status and its meaning', () => {
  const told = new Set([...commonErrors, ...names.flatMap(errorsOf)]);
  expect([...told].sort()).toEqual(Object.keys(errorStatus).sort());
  const { description } = document.components.schemas['Error']!;
  for (const [code, status] of Object.entries(errorStatus))
    expect(description).toContain(`${status} \`${code}\`: ${errorMeanings[code as 'internal']}`);
});

test('every example is one that the call would take', () => {
  for (const [name, example] of Object.entries(examples)) {
    const call: Call = api[name as RouteName];
    for (const place of ['params', 'query', 'body'] as const)
      if (example[place] !== undefined)
        expect(call[place]?.safeParse(example[place]).error, `${name}.${place}`).toBeUndefined();
    const search = example.query?.['query'] as string | undefined;
    const scope = routes[name as RouteName].path.includes('sessions') ? 'sessions' : 'messages';
    if (search !== undefined) expect(parseSearch(search, scope), name).toMatchObject({ ok: true });
  }
});

test('the example of a parameter that is a number is one, as validators of documents ask', () => {
  const shown = Object.values(document.paths)
    .flatMap((item) => Object.values(item))
    .flatMap(({ operationId, parameters = [] }) => parameters.map((one) => ({ ...one, operationId })))
    .filter(({ schema, example }) => schema['type'] === 'integer' && example !== undefined);
  expect(shown.map(({ operationId }) => operationId)).toEqual(['listMessages', 'listSessions', 'listEvents']);
  for (const { operationId, example } of shown) expect(example, operationId).toEqual(expect.any(Number));
});

test('the reference page shows every call, code and schema, and asks for nothing else', async () => {
  await using http = await startTestHttp();
  const response = await fetch(`${http.url}/api/docs`);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:;/,
  );
  const html = await response.text();
  for (const name of names) expect(html).toContain(`<section class="call" id="${name}">`);
  for (const id of Object.keys(document.components.schemas)) expect(html).toContain(`id="schema-${id}"`);
  for (const code of Object.keys(errorStatus)) expect(html).toContain(`<code>${code}</code>`);
  expect(html).toContain(`curl -sS -G &#39;${http.url}/api/messages/wait&#39;`);
  expect(html).not.toContain('{{');
  const anchors = new Set([...html.matchAll(/ id="([^"]+)"/g)].map((found) => found[1]));
  for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(anchors, target).toContain(target);
  const post = await fetch(`${http.url}/api/docs`, { method: 'POST' });
  expect(post.status).toBe(404);
});

test('a link on another site leads to the reference page, and nothing there can read it', async () => {
  await using http = await startTestHttp();
  const get = (mode: string, destination: string): Promise<string> =>
    sayRaw(
      http.port,
      rawRequest('GET /api/docs HTTP/1.1', [
        'Host: localhost',
        'Sec-Fetch-Site: cross-site',
        `Sec-Fetch-Mode: ${mode}`,
        `Sec-Fetch-Dest: ${destination}`,
      ]),
    );
  expect(statusOf(await get('navigate', 'document'))).toBe(200);
  expect(statusOf(await get('no-cors', 'script'))).toBe(403);
  expect(statusOf(await get('navigate', 'iframe'))).toBe(403);
});

test('the reference page fits a phone and a desktop, in light and dark, without a complaint', async () => {
  await using http = await startTestHttp();
  await using browser = await openBrowser();
  if (!browser) return;
  for (const [width, colorScheme] of [
    [390, 'dark'],
    [1280, 'light'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const heard: string[] = [];
    page.on('console', (message) => heard.push(message.text()));
    page.on('request', (request) => heard.push(request.url()));
    await page.goto(`${http.url}/api/docs#checkExpectation`);
    expect(heard.map((text) => text.replace(/#.*/, ''))).toEqual([`${http.url}/api/docs`]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const paper = (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string;
    const lightness = Number(/oklch\(([\d.]+)/.exec(paper)?.[1]);
    expect(lightness > 0.5, paper).toBe(colorScheme === 'light');
    if (width === 390) {
      await page.click('summary');
      expect(await page.isVisible('details a[href="#listMessages"]')).toBe(true);
    }
    await page.close();
  }
}, 30_000);
