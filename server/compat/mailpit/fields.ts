// Reads fields of a JSON body as Go does: names in any case, what is missing or null is empty.
export type Fields = Record<string, unknown>;

export class FieldProblem extends Error {}

export function asFields(value: unknown, what = 'the body'): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new FieldProblem(`${what} must be an object`);
  return value as Fields;
}

export function fieldOf(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  const other = Object.keys(fields).find((key) => key.toLowerCase() === name.toLowerCase());
  return other === undefined ? undefined : fields[other];
}

export function textOf(fields: Fields, name: string): string {
  const value = fieldOf(fields, name) ?? '';
  if (typeof value !== 'string') throw new FieldProblem(`${name} must be a string`);
  return value;
}

export function listOf(fields: Fields, name: string): unknown[] {
  const value = fieldOf(fields, name) ?? [];
  if (!Array.isArray(value)) throw new FieldProblem(`${name} must be an array`);
  return value;
}

export const textsOf = (fields: Fields, name: string): string[] =>
  listOf(fields, name).map((value) => {
    if (typeof value !== 'string') throw new FieldProblem(`${name} must be an array of strings`);
    return value;
  });

export function flagOf(fields: Fields, name: string): boolean {
  const value = fieldOf(fields, name) ?? false;
  if (typeof value !== 'boolean') throw new FieldProblem(`${name} must be true or false`);
  return value;
}
