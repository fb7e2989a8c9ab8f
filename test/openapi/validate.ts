// Judges a value by a JSON Schema of the document, more strictly than the document asks for: a field that it does not
// tell is a problem. A keyword that is not known here throws, so that none is passed over.
import type { JsonSchema } from '../../shared/openapi/schemas.ts';

export type Components = Record<string, JsonSchema>;

const known = new Set(
  (
    '$ref type const enum format pattern description default minimum maximum exclusiveMinimum exclusiveMaximum ' +
    'minLength maxLength minItems maxItems properties required additionalProperties propertyNames items anyOf oneOf allOf'
  ).split(' '),
);

const typeOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : Number.isInteger(value)
        ? 'integer'
        : typeof value;

function isOfType(value: unknown, type: string): boolean {
  const found = typeOf(value);
  return found === type || (type === 'number' && found === 'integer');
}

/** What is wrong, each with its place; empty when nothing is. */
export function problemsOf(value: unknown, schema: JsonSchema, components: Components, path = '$'): string[] {
  const unknown = Object.keys(schema).filter((word) => !known.has(word));
  if (unknown.length > 0) throw new Error(`${path}: unknown keywords ${unknown.join(', ')}`);
  const at = (inner: unknown, next: JsonSchema, where: string): string[] =>
    problemsOf(inner, next, components, where);
  if (schema.$ref !== undefined) {
    const target = components[schema.$ref.replace('#/components/schemas/', '')];
    return target ? at(value, target, path) : [`${path}: ${schema.$ref} is nowhere`];
  }
  for (const several of [schema.anyOf, schema.oneOf]) {
    if (!several) continue;
    const each = several.map((one) => at(value, one, path));
    if (!each.some((problems) => problems.length === 0))
      return each.reduce((best, next) => (next.length < best.length ? next : best));
  }
  if (schema.allOf) return schema.allOf.flatMap((one) => at(value, one, path));
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    return [`${path} is ${typeOf(value)}, not ${types.join(' or ')}`];
  return [
    ...ofScalar(value, schema, path),
    ...(Array.isArray(value) && schema.items
      ? value.flatMap((item, n) => at(item, schema.items!, `${path}[${n}]`))
      : []),
    ...(typeOf(value) === 'object'
      ? ofObject(value as Record<string, unknown>, schema, components, path)
      : []),
  ];
}

function ofScalar(value: unknown, schema: JsonSchema, path: string): string[] {
  const wrong: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) wrong.push(`${path}: ${JSON.stringify(value)} ${what}`);
  };
  if (schema.const !== undefined) must(value === schema.const, `is not ${String(schema.const)}`);
  if (schema.enum) must(schema.enum.includes(value), 'is none of the values');
  if (typeof value === 'number') {
    must(value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity), 'is out of range');
    must(value > (schema.exclusiveMinimum ?? -Infinity), 'is too small');
  }
  if (typeof value === 'string') {
    must(value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? Infinity), 'length');
    if (schema.pattern !== undefined) must(new RegExp(schema.pattern, 'u').test(value), 'is not of the form');
    if (schema.format === 'date-time')
      must(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value), 'is no time');
  }
  if (Array.isArray(value))
    must(value.length >= (schema.minItems ?? 0) && value.length <= (schema.maxItems ?? Infinity), 'items');
  return wrong;
}

function ofObject(
  value: Record<string, unknown>,
  { type, properties = {}, required = [], additionalProperties: rest }: JsonSchema,
  components: Components,
  path: string,
): string[] {
  // A schema that says nothing of fields takes any.
  const isOpen =
    (type === undefined && Object.keys(properties).length === 0) ||
    rest === true ||
    (typeof rest === 'object' && Object.keys(rest).length === 0);
  const missing = required.filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`);
  const fields = Object.entries(value).flatMap(([name, inner]) => {
    const schema = properties[name] ?? (typeof rest === 'object' ? rest : undefined);
    if (schema) return problemsOf(inner, schema, components, `${path}.${name}`);
    return isOpen ? [] : [`${path}.${name} is not in the document`];
  });
  return [...missing, ...fields];
}
