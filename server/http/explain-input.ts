// Says in words what is wrong with the path, query or body of a call, and what it takes instead.
import type * as z from 'zod';

export type Place = 'path' | 'query' | 'body';
type Issue = z.core.$ZodIssue;

const kinds: Record<string, string> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
};

const valueAt = (given: unknown, path: PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key],
    given,
  );

function problemOf(issue: Issue, given: unknown): string {
  if (issue.code === 'invalid_type') {
    const kind = kinds[issue.expected];
    if (kind === undefined) return issue.message;
    return valueAt(given, issue.path) === undefined ? `is missing; it must be ${kind}` : `must be ${kind}`;
  }
  if (issue.code === 'invalid_value') {
    // Of a query, where it is a text.
    if ((issue as { expected?: string }).expected === 'stringbool') return 'must be true or false';
    return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
  }
  return issue.message;
}

/** A branch of a union that is given something of another kind altogether says nothing of what was meant. */
const isOfOtherKind = (errors: Issue[]): boolean =>
  errors.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'));

/** A union says only "invalid input"; the branch that got furthest says what is wrong. */
function flatten(issue: Issue, given: unknown): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const missing = issue.errors.map((errors) =>
    errors.find(
      ({ code, path }) =>
        code !== 'unrecognized_keys' &&
        path.length === 1 &&
        valueAt(given, [...issue.path, ...path]) === undefined,
    ),
  );
  if (missing.every((one) => one !== undefined)) {
    const names = missing.map((one) => String(one.path[0]));
    return [
      { code: 'custom', path: issue.path, message: `needs one of ${names.join(', ')}`, input: undefined },
    ];
  }
  const best = issue.errors.reduce((before, errors) => {
    const [other, otherBefore] = [isOfOtherKind(errors), isOfOtherKind(before)];
    if (other !== otherBefore) return other ? before : errors;
    return errors.length < before.length ? errors : before;
  });
  return best.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }, given));
}

/** The first ten, each with its place. `known` is what the place takes. */
export function explainInput(
  place: Place,
  issues: Issue[],
  { given, known }: { given: unknown; known: string[] },
): { path: string; problem: string }[] {
  return issues
    .flatMap((issue) => flatten(issue, given))
    .slice(0, 10)
    .map((issue) => {
      const path = [place, ...issue.path.map(String)].join('.');
      if (issue.code !== 'unrecognized_keys') return { path, problem: problemOf(issue, given) };
      return {
        path: [path, issue.keys[0]].join('.'),
        problem: known.length > 0 ? 'is not known' : 'is not taken here',
      };
    });
}

interface Def {
  shape?: Record<string, z.ZodType>;
  options?: z.ZodType[];
  innerType?: z.ZodType;
  element?: z.ZodType;
}
const defOf = (schema: z.ZodType | undefined): Def => (schema as { def?: Def } | undefined)?.def ?? {};

/** What the object at this path inside takes, also where it may be left out or be one of several. */
export function fieldsOf(schema: z.ZodType | undefined, path: string[] = []): string[] {
  const { shape = {}, options, innerType, element } = defOf(schema);
  const [step, ...rest] = path;
  if (options) return [...new Set(options.flatMap((one) => fieldsOf(one, path)))];
  if (innerType) return fieldsOf(innerType, path);
  if (step === undefined) return Object.keys(shape);
  return element ? fieldsOf(element, rest) : shape[step] ? fieldsOf(shape[step], rest) : [];
}
