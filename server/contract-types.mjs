// The contract as TypeScript declarations, printed from its OpenAPI document.

const comment = (text, indent = '') =>
  text === undefined || text === ''
    ? ''
    : `${indent}/** ${text.replaceAll('*/', '* /').split('\n').join(`\n${indent} * `)} */\n`;

const isName = (name) => /^[A-Za-z_$][\w$]*$/.test(name);
const withParens = (text) => (/[|&]/.test(text) && !text.startsWith('{') ? `(${text})` : text);

/** A schema as a type. */
function typeOf(schema, indent) {
  if (schema.$ref !== undefined) return schema.$ref.replace('#/components/schemas/', '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return [...new Set(several.map((one) => typeOf(one, indent)))].join(' | ');
  if (schema.allOf) return schema.allOf.map((one) => withParens(typeOf(one, indent))).join(' & ');
  if (Array.isArray(schema.type))
    return schema.type.map((type) => typeOf({ ...schema, type }, indent)).join(' | ');
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `${withParens(schema.items ? typeOf(schema.items, indent) : 'unknown')}[]`;
    case 'object':
      return objectOf(schema, indent);
    default:
      return 'unknown';
  }
}

function objectOf({ properties = {}, required = [], additionalProperties: rest }, indent) {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const isOptional = !required.includes(name);
    const inner = typeOf(schema, `${indent}  `);
    // Written out for those who have exactOptionalPropertyTypes on.
    const type = isOptional && inner !== 'unknown' ? `${inner} | undefined` : inner;
    const key = isName(name) ? name : JSON.stringify(name);
    return `${comment(schema.description, `${indent}  `)}${indent}  ${key}${isOptional ? '?' : ''}: ${type};\n`;
  });
  const isOpen = rest === true || (typeof rest === 'object' && fields.length > 0);
  if (typeof rest === 'object' && fields.length === 0 && Object.keys(rest).length > 0)
    return `Record<string, ${typeOf(rest, indent)}>`;
  if (isOpen) fields.push(`${indent}  [name: string]: unknown;\n`);
  return fields.length === 0 ? 'Record<string, unknown>' : `{\n${fields.join('')}${indent}}`;
}

function componentText(id, schema) {
  const type = typeOf(schema, '');
  const isObject = schema.type === 'object' && type.startsWith('{');
  return `${comment(schema.description)}export ${isObject ? `interface ${id} ${type}` : `type ${id} = ${type};`}\n`;
}

function inputOf({ parameters = [], requestBody }) {
  const place = (name, list) => {
    if (list.length === 0) return [];
    const schema = {
      type: 'object',
      properties: Object.fromEntries(
        list.map(({ name, schema, description }) => [name, { ...schema, description }]),
      ),
      required: list.filter((one) => one.required).map((one) => one.name),
    };
    const isOptional = schema.required.length === 0;
    return [
      `    ${name}${isOptional ? '?' : ''}: ${objectOf(schema, '    ')}${isOptional ? ' | undefined' : ''};\n`,
    ];
  };
  const json = requestBody?.content['application/json'];
  const body = json ? typeOf(json.schema, '    ') : 'Uint8Array | Blob';
  const fields = [
    ...place(
      'params',
      parameters.filter((one) => one.in === 'path'),
    ),
    ...place(
      'query',
      parameters.filter((one) => one.in === 'query'),
    ),
    ...(requestBody ? [`    body${requestBody.required ? '' : '?'}: ${body};\n`] : []),
    '    signal?: AbortSignal | undefined;\n',
  ];
  const isOptional = fields.every((field) => /^ {4}\w+\?:/.test(field));
  return { type: `{\n${fields.join('')}  }`, isOptional };
}

function outputOf({ responses }) {
  const { content } = responses['200'] ?? responses['201'];
  const json = content['application/json'];
  if (json) return typeOf(json.schema, '  ');
  return 'application/x-pem-file' in content ? 'string' : 'Bytes';
}

function callText(operation) {
  const { type, isOptional } = inputOf(operation);
  const codes = operation['x-error-codes'];
  const throwing =
    codes.length > 0 ? `\nThrows MailscopeError: ${codes.join(', ')}, and what any call may.` : '';
  return `${comment(`${operation.summary}.${throwing}`, '  ')}  ${operation.operationId}(input${isOptional ? '?' : ''}: ${type}): Promise<${outputOf(operation)}>;\n`;
}

/** An exported declaration of a source as it stands there, with its comment. */
function declared(source, start) {
  const from = source.indexOf(start);
  if (from < 0) throw new Error(`client.ts has no "${start}"`);
  const begin = source.lastIndexOf('\n/**', from) + 1;
  const end = source.indexOf('\n}\n', from) + 3;
  return source.slice(begin > 0 && source.slice(begin, from).split('*/').length === 2 ? begin : from, end);
}

/** The names of what it defines. */
export const contractNames = (document) =>
  Object.keys(document.components.schemas).filter((id) => id !== 'Error');

/** `document` is the OpenAPI document, `clientSource` the text of shared/client/client.ts. */
export function contractText(document, clientSource) {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
  const { schemas } = document.components;
  const components = contractNames(document).map((id) => componentText(id, schemas[id]));
  const options = declared(clientSource, 'export interface ConnectOptions');
  const connect = declared(clientSource, 'export function connect').replace(/ \{\n[^]*$/, ';\n');
  return `// Made from the contract of Mailscope.
${components.join('\n')}
/** Bytes in memory that is not shared: from 5.7 on TypeScript tells them apart, and some functions take no others. */
type Bytes = ReturnType<Uint8ArrayConstructor['of']>;
/** One method for each call of the API. */
export interface Client {
${operations.map(callText).join('')}  /** A session's transcript as readable text. Default: the first 1,000 lines; messages only as their size. */
  readTranscriptText(input: Parameters<Client['readTranscript']>[0]): Promise<string>;
  /** The address of a call, for links and downloads. */
  urlOf(
    name: Exclude<keyof Client, 'urlOf' | 'readTranscriptText'>,
    input?: { params?: Record<string, string>; query?: Record<string, unknown> },
  ): string;
}

${options}
${connect.replace('options: ConnectOptions = {}', 'options?: ConnectOptions').replace('export function', 'export declare function')}`;
}
