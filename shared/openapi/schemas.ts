// The JSON Schemas of the contract (draft 2020-12, as OpenAPI 3.1 has them), made from its zod schemas.
import * as z from 'zod';
import { api, type Call } from '../api.ts';
import { errorBody } from '../error-body.ts';
import type { RouteName } from '../routes.ts';
import { waitFailure } from '../wait.ts';

/** A schema as plain JSON; only what zod writes of the contract. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  not?: JsonSchema;
}

export interface CallSchemas {
  params?: JsonSchema;
  query?: JsonSchema;
  body?: JsonSchema;
  response?: JsonSchema;
}
export interface ContractSchemas {
  /** By the id that the schema was given. */
  components: Record<string, JsonSchema>;
  calls: Record<RouteName, CallSchemas>;
}

type Io = 'input' | 'output';
const componentRef = '#/components/schemas/';

function tidy(schema: z.core.$ZodType, json: z.core.JSONSchema.BaseSchema, io: Io): void {
  const { def } = schema._zod as { def: { type: string; out?: { _zod: { def: { type: string } } } } };
  // In a query a truth value is a word; `true` and `false` are how OpenAPI writes that.
  if (io === 'input' && def.type === 'pipe' && def.out?._zod.def.type === 'boolean') json.type = 'boolean';
  // Said by the format already.
  if (json.format === 'date-time') delete json.pattern;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  // A later version may answer more; readers must not refuse it.
  if (io === 'output' && json.additionalProperties === false) delete json.additionalProperties;
  delete json['id'];
}

/** Converts all in one go, so that what has an id stands in `$defs` once. */
function convert(schemas: Record<string, z.ZodType>, io: Io) {
  const json = z.toJSONSchema(z.object(schemas), {
    io,
    override: ({ zodSchema, jsonSchema }) => tidy(zodSchema, jsonSchema, io),
  }) as { properties?: Record<string, JsonSchema>; $defs?: Record<string, JsonSchema> };
  return { schemas: json.properties ?? {}, components: json.$defs ?? {} };
}

function renameRefs<T>(json: T, rename: (id: string) => string): T {
  return JSON.parse(JSON.stringify(json), (key: string, value: unknown) =>
    key === '$ref' && typeof value === 'string'
      ? componentRef + rename(value.replace('#/$defs/', ''))
      : value,
  ) as T;
}

/** Makers of clients take what has a default for needed; what that is in a body its description says. */
const withoutDefaults = <T>(json: T): T =>
  JSON.parse(JSON.stringify(json), (key: string, value: unknown) =>
    key === 'default' ? undefined : value,
  ) as T;

/** All schemas of the contract; what is taken and what is answered under one id becomes two where they differ. */
export function contractSchemas(): ContractSchemas {
  const names = Object.keys(api) as RouteName[];
  const given: Record<string, z.ZodType> = {};
  const answered: Record<string, z.ZodType> = { error: errorBody, waitFailure };
  for (const name of names) {
    const call: Call = api[name];
    for (const place of ['params', 'query', 'body'] as const)
      if (call[place]) given[`${name}.${place}`] = call[place];
    if (call.response) answered[name] = call.response;
  }
  const output = convert(answered, 'output');
  const input = convert(given, 'input');
  const differs = (id: string): boolean =>
    id in output.components && JSON.stringify(output.components[id]) !== JSON.stringify(input.components[id]);
  const inputId = (id: string): string => (differs(id) ? `${id}Input` : id);
  const components: Record<string, JsonSchema> = { ...renameRefs(output.components, (id) => id) };
  for (const [id, schema] of Object.entries(renameRefs(input.components, inputId)))
    components[inputId(id)] = withoutDefaults(schema);
  const answers = renameRefs(output.schemas, (id) => id);
  const taken = renameRefs(input.schemas, inputId);
  const calls = names.map((name): [RouteName, CallSchemas] => {
    const places = (['params', 'query', 'body'] as const).flatMap((place) => {
      const schema = taken[`${name}.${place}`];
      return schema ? [[place, place === 'body' ? withoutDefaults(schema) : schema]] : [];
    });
    const response = answers[name];
    return [name, { ...Object.fromEntries(places), ...(response ? { response } : {}) }];
  });
  return {
    components: Object.fromEntries(Object.entries(components).sort(([a], [b]) => a.localeCompare(b))),
    calls: Object.fromEntries(calls) as Record<RouteName, CallSchemas>,
  };
}
