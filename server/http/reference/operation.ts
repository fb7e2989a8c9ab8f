// One call of the API: what it takes, what it answers, how it fails, and how to ask it with curl.
import type { Operation, Parameter, ResponseObject } from '../../../shared/openapi/document.ts';
import { escapeHtml } from '../../../shared/escape-html.ts';
import { errorHtml, jsonHtml, proseHtml } from './html.ts';
import { fieldHtml, fieldsHtml, typeHtml } from './schema.ts';

/** Stands for the address of the server until the page is sent. */
export const originMark = '{{origin}}';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function curlOf(method: string, path: string, operation: Operation): string {
  const parameters = operation.parameters ?? [];
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    String(parameters.find((one) => one.in === 'path' && one.name === name)?.example ?? name.toUpperCase()),
  );
  const query = parameters.filter((one) => one.in === 'query' && one.example !== undefined);
  const [[type, body] = []] = Object.entries(operation.requestBody?.content ?? {});
  const data =
    type === 'application/json'
      ? `-d ${quoted(JSON.stringify(body?.example ?? {}))}`
      : '--data-binary @mail.eml';
  const inUrl = new URLSearchParams(
    query.map(({ name, example }): [string, string] => [name, String(example)]),
  );
  const inData = query.length > 0 && type === undefined;
  const words = [
    method === 'get' ? 'curl -sS' : `curl -sS -X ${method.toUpperCase()}`,
    ...(inData ? ['-G'] : []),
    quoted(originMark + filled + (inData || query.length === 0 ? '' : `?${String(inUrl)}`)),
    ...(inData
      ? query.map(({ name, example }) => `--data-urlencode ${quoted(`${name}=${String(example)}`)}`)
      : []),
    ...(type === undefined ? [] : [`-H 'Content-Type: ${type}'`, data]),
  ];
  return words.reduce((lines, word) => {
    const isLong = /^(?:-d|-H|--data-binary|--data-urlencode) /.test(word);
    return lines + (isLong ? ' \\\n  ' : lines === '' ? '' : ' ') + word;
  }, '');
}

const part = (title: string, html: string): string => (html === '' ? '' : `<h4>${title}</h4>${html}`);

const parametersHtml = (list: Parameter[]): string =>
  list.length === 0
    ? ''
    : `<ul class="fields">${list
        .map(({ name, required, description, schema }) =>
          fieldHtml(name, description === undefined ? schema : { ...schema, description }, required),
        )
        .join('')}</ul>`;

function answerHtml({ content = {} }: ResponseObject): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const fields = fieldsHtml(schema);
      const named = schema.$ref === undefined && fields !== '' ? '' : ` ${typeHtml(schema)}`;
      return type === 'application/json'
        ? `<p class="body"><code>${type}</code>${named}</p>${fields}`
        : `<p class="body"><code>${escapeHtml(type)}</code></p>`;
    })
    .join('');
}

const errorsHtml = (responses: Operation['responses']): string => {
  const rows = Object.entries(responses).flatMap(([status, response]) =>
    status.startsWith('2') || status === 'default' || '$ref' in response
      ? []
      : [`<li><span class="status">${status}</span><div>${errorHtml(response.description)}</div></li>`],
  );
  return `<ul class="errors">${rows.join('')}<li><span class="status">…</span><div>and those that <a href="#errors">any call</a> may answer</div></li></ul>`;
};

export function operationHtml(method: string, path: string, operation: Operation): string {
  const { operationId, summary, parameters = [], requestBody, responses } = operation;
  const [[type, body] = []] = Object.entries(requestBody?.content ?? {});
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query');
  const answer = (responses['200'] ?? responses['201']) as ResponseObject;
  const bodyText = body
    ? `<p class="body"><code>${escapeHtml(type ?? '')}</code> ${body.schema.$ref ? typeHtml(body.schema) : ''}${
        requestBody?.required ? '' : ' <span class="optional">optional</span>'
      }</p>${fieldsHtml(body.schema)}${body.example === undefined ? '' : `<pre>${jsonHtml(body.example)}</pre>`}`
    : '';
  return `<section class="call" id="${operationId}">
<h3><a href="#${operationId}"><span class="method ${method}">${method.toUpperCase()}</span> <code>${escapeHtml(path).replaceAll('/', '/<wbr>')}</code></a></h3>
<p>${proseHtml(summary)}. In the client: <code>${operationId}</code>.</p>
${part('Path', parametersHtml(inPath))}${part('Query', parametersHtml(inQuery))}${part('Body', bodyText)}
${part('Answer', answerHtml(answer))}${part('Errors', errorsHtml(responses))}
<h4>Try it</h4><pre>${escapeHtml(curlOf(method, path, operation))}</pre>
</section>`;
}
