// The description of the API, for programs and for people. It is made when it is first asked for.
import type { Express } from 'express';
import { escapeHtml } from '../../shared/escape-html.ts';
import { version } from '../paths.ts';
import type { Handlers } from './endpoint.ts';
import type { OpenApiDocument } from '../../shared/openapi/document.ts';

let document: Promise<OpenApiDocument> | undefined;
const readDocument = (): Promise<OpenApiDocument> =>
  (document ??= import('../../shared/openapi/document.ts').then(({ openApiDocument }) =>
    openApiDocument(version),
  ));

export const referenceHandlers = (): Pick<Handlers, 'readOpenApi'> => ({
  readOpenApi: async () => ({ ...(await readDocument()) }),
});

interface Page {
  policy: string;
  htmlFor(origin: string): string;
}
let page: Promise<Page> | undefined;

async function createPage(): Promise<Page> {
  const { referencePage, referencePolicy } = await import('./reference/page.ts');
  const { originMark } = await import('./reference/operation.ts');
  const html = referencePage(await readDocument());
  return {
    policy: referencePolicy,
    htmlFor: (origin) => html.replaceAll(originMark, () => escapeHtml(origin)),
  };
}

export function bindReference(app: Express): void {
  app.get('/api/docs', async (request, response) => {
    const { policy, htmlFor } = await (page ??= createPage());
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Cache-Control', 'no-cache');
    response.type('text/html; charset=utf-8').send(htmlFor(`http://${request.headers.host ?? 'localhost'}`));
  });
}
