// The reference page: the OpenAPI document as one page of HTML that loads nothing and runs nothing.
import { createHash } from 'node:crypto';
import { errorStatus, type ErrorCode } from '../../../shared/errors.ts';
import type { OpenApiDocument, Operation } from '../../../shared/openapi/document.ts';
import { errorMeanings } from '../../../shared/openapi/errors.ts';
import { escapeHtml } from '../../../shared/escape-html.ts';
import { errorHtml, proseHtml } from './html.ts';
import { operationHtml } from './operation.ts';
import { fieldsHtml, typeHtml } from './schema.ts';
import { style } from './style.ts';

/** Nothing but its own style, known by its hash, and the icon. */
export const referencePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%234b45b8'/%3E%3Cpath d='M3 8h3l2-4 2 8 1-4h2' fill='none' stroke='white' stroke-width='1.4'/%3E%3C/svg%3E";

interface Call {
  method: string;
  path: string;
  operation: Operation;
}

const slug = (name: string): string => `group-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;

function menuHtml(groups: { name: string; calls: Call[] }[], schemas: string[]): string {
  const lists = groups.map(
    ({ name, calls }) =>
      `<h2><a href="#${slug(name)}">${escapeHtml(name)}</a></h2><ul>${calls
        .map(
          ({ method, path, operation }) =>
            `<li><a href="#${operation.operationId}" title="${escapeHtml(operation.summary)}"><span class="method ${method}">${method}</span><span>${escapeHtml(path.replace('/api/', ''))}</span></a></li>`,
        )
        .join('')}</ul>`,
  );
  return `${lists.join('')}<h2><a href="#errors">Errors</a></h2><h2><a href="#schemas">Schemas</a></h2><ul>${schemas
    .map((id) => `<li><a href="#schema-${id}">${id}</a></li>`)
    .join('')}</ul>`;
}

const errorRows = (Object.keys(errorStatus) as ErrorCode[])
  .map(
    (code) =>
      `<li><span class="status">${errorStatus[code]}</span><div><code>${code}</code> ${errorHtml(errorMeanings[code])}</div></li>`,
  )
  .join('');

/** `originMark` in it stands for the address of the server. */
export function referencePage({ info, tags, paths, components }: OpenApiDocument): string {
  const calls: Call[] = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
  );
  const groups = tags.map(({ name, description }) => ({
    name,
    description,
    calls: calls.filter(({ operation }) => operation.tags[0] === name),
  }));
  const ids = Object.keys(components.schemas);
  const menu = menuHtml(groups, ids);
  const sections = groups.map(
    ({ name, description, calls: own }) =>
      `<h2 id="${slug(name)}">${escapeHtml(name)}</h2>${description ? `<p>${proseHtml(description)}</p>` : ''}${own
        .map(({ method, path, operation }) => operationHtml(method, path, operation))
        .join('')}`,
  );
  const schemas = Object.entries(components.schemas).map(
    ([id, schema]) =>
      `<section class="schema" id="schema-${id}"><h3><a href="#schema-${id}">${id}</a></h3>${
        schema.description && id !== 'Error' ? `<p>${proseHtml(schema.description)}</p>` : ''
      }${fieldsHtml(schema) || `<p class="type">${typeHtml(schema)}</p>`}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mailscope API</title>
<link rel="icon" href="${icon}">
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the calls</a>
<nav aria-label="Calls"><p class="home"><a href="/">Mailscope</a> <span>API ${escapeHtml(info.version)}</span></p><div class="wide">${menu}</div><details class="narrow"><summary>Calls and schemas</summary>${menu}</details></nav>
<main id="main">
<h1>Mailscope API</h1>
${info.description
  .split('\n\n')
  .map((text) => `<p>${proseHtml(text)}</p>`)
  .join('')}
<p>For programs: <a href="/api/openapi.json"><code>/api/openapi.json</code></a> (OpenAPI 3.1).</p>
${sections.join('\n')}
<h2 id="errors">Errors</h2>
<p>One body: <a href="#schema-Error">Error</a>. The code is for programs, <code>message</code> and <code>hint</code> are for people.</p>
<ul class="errors">${errorRows}</ul>
<h2 id="schemas">Schemas</h2>
${schemas.join('\n')}
</main>
</body>
</html>
`;
}
