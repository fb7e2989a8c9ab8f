// A JSON Schema as a list of fields that can be read: name, type, whether it must be there, what it means.
import type { JsonSchema } from '../../../shared/openapi/schemas.ts';
import { escapeHtml } from '../../../shared/escape-html.ts';
import { proseHtml } from './html.ts';

const idOf = (ref: string): string => ref.replace('#/components/schemas/', '');
const linkTo = (ref: string): string =>
  `<a href="#schema-${escapeHtml(idOf(ref))}">${escapeHtml(idOf(ref))}</a>`;

const isNull = ({ type }: JsonSchema): boolean => type === 'null';
const alternatives = (schema: JsonSchema): JsonSchema[] => schema.anyOf ?? schema.oneOf ?? [];

/** `text, at most 200`, `Message | null`, `list of Address` ...; HTML. */
export function typeHtml(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return linkTo(schema.$ref);
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.enum)
    return schema.enum.map((value) => `<code>${escapeHtml(String(value))}</code>`).join('<wbr> | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeHtml({ ...schema, type })).join(' | ');
  const several = alternatives(schema);
  if (several.length > 0) return [...new Set(several.map(typeHtml))].join(' | ');
  if (schema.type === 'array')
    return `list of ${schema.items ? typeHtml(schema.items) : 'anything'}${limits(schema.minItems, schema.maxItems)}`;
  if (schema.type === 'object') {
    const { additionalProperties: rest } = schema;
    return typeof rest === 'object' && !schema.properties ? `object of ${typeHtml(rest)}` : 'object';
  }
  if (schema.type === 'string') {
    const what = schema.format === 'date-time' ? 'time' : 'text';
    return what + limits(schema.minLength, schema.maxLength);
  }
  if (schema.type === 'integer' || schema.type === 'number')
    return schema.type + limits(schema.minimum, schema.maximum);
  return escapeHtml(schema.type ?? 'anything');
}

function limits(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `, ${min} to ${max}`;
  if (max !== undefined) return `, at most ${max}`;
  return min === undefined || min === 0 ? '' : `, at least ${min}`;
}

/** The objects within a type that have no name and so are shown where they are used. */
function insideOf(schema: JsonSchema): JsonSchema[] {
  if (schema.properties) return [schema];
  if (schema.items) return insideOf(schema.items);
  if (typeof schema.additionalProperties === 'object') return insideOf(schema.additionalProperties);
  return alternatives(schema)
    .filter((one) => !isNull(one))
    .flatMap(insideOf);
}

export function fieldHtml(name: string, schema: JsonSchema, isRequired: boolean): string {
  const { description, default: standard } = schema;
  const notes = [
    description === undefined ? '' : proseHtml(description),
    standard === undefined || typeof standard === 'object'
      ? ''
      : `Default: <code>${escapeHtml(String(standard))}</code>.`,
    schema.pattern === undefined ? '' : `Form: <code>${escapeHtml(schema.pattern)}</code>`,
  ].filter(Boolean);
  const inside = insideOf(schema);
  return `<li><div class="field"><code class="name">${escapeHtml(name)}</code>${
    isRequired ? '' : ' <span class="optional">optional</span>'
  } <span class="type">${typeHtml(schema)}</span></div>${
    notes.length > 0 ? `<div class="note">${notes.join(' ')}</div>` : ''
  }${inside.map((one) => fieldsHtml(one)).join('<div class="or">or</div>')}</li>`;
}

/** The fields of an object; of several forms one below the other. */
export function fieldsHtml(schema: JsonSchema): string {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) {
    const several = insideOf(schema).filter((one) => one !== schema);
    return several.map(fieldsHtml).join('<div class="or">or</div>');
  }
  const rows = fields.map(([name, field]) =>
    fieldHtml(name, field, schema.required?.includes(name) ?? false),
  );
  return `<ul class="fields">${rows.join('')}</ul>`;
}
