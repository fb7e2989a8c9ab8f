// Reads fields of a JSON body as Go does: names in any case, what is missing or null is empty.
export type Fields = Record<string, unknown>;

export class FieldProblem extends Error {}

/** In the words of Go, by its names of kinds and types. */
function mismatch(value: unknown, into: string): FieldProblem {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const said = typeof value === 'number' && !Number.isInteger(value) ? `number ${value}` : kind;
  return new FieldProblem(`json: cannot unmarshal ${said} into Go ${into}`);
}
const inField = (value: unknown, name: string, type: string): FieldProblem =>
  mismatch(value, `struct field .${name} of type ${type}`);

/** Without a name: the body itself. */
export function asFields(value: unknown, name?: string): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw name === undefined ? mismatch(value, 'value of type struct') : inField(value, name, 'struct');
  return value as Fields;
}

export function fieldOf(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  const other = Object.keys(fields).find((key) => key.toLowerCase() === name.toLowerCase());
  return other === undefined ? undefined : fields[other];
}

export function textOf(fields: Fields, name: string): string {
  const value = fieldOf(fields, name) ?? '';
  if (typeof value !== 'string') throw inField(value, name, 'string');
  return value;
}

export function listOf(fields: Fields, name: string): unknown[] {
  const value = fieldOf(fields, name) ?? [];
  if (!Array.isArray(value)) throw inField(value, name, '[]string');
  return value;
}

export const textsOf = (fields: Fields, name: string): string[] =>
  listOf(fields, name).map((value) => {
    if (typeof value !== 'string') throw inField(value, name, 'string');
    return value;
  });

export function flagOf(fields: Fields, name: string): boolean {
  const value = fieldOf(fields, name) ?? false;
  if (typeof value !== 'boolean') throw inField(value, name, 'bool');
  return value;
}

/** 0 where it is missing. `path`: with the type of Go that it belongs to. */
export function wholeOf(fields: Fields, name: string, path: string): number {
  const value = fieldOf(fields, name) ?? 0;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw mismatch(value, `struct field ${path} of type int`);
}
