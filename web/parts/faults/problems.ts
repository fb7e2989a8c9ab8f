// What the server does not take, at the field that it is about.

/** By the place in the rule, such as `reply.code`. */
export type Problems = ReadonlyMap<string, string>;

interface Told {
  path: string;
  problem: string;
}

const isTold = (given: unknown): given is Told[] =>
  Array.isArray(given) && given.every((one) => typeof (one as Told | null)?.path === 'string');

/** Of an error of the API; null where it does not speak of fields. */
export function readProblems(error: unknown): Problems | null {
  const { details, message } = (error ?? {}) as { details?: unknown; message?: unknown };
  const told: Told[] = isTold(details) ? details : [];
  if (told.length === 0) {
    const [, path, problem] = /^body\.([\w.]+): (.+)$/s.exec(String(message)) ?? [];
    if (path !== undefined && problem !== undefined) told.push({ path, problem });
  }
  const found = new Map(told.map(({ path, problem }) => [path.replace(/^body\./, ''), problem]));
  return found.size > 0 ? found : null;
}

/** The problem of a field, or of a place within it, such as one of several patterns. */
export function problemAt(problems: Problems | null, field: string): string | null {
  for (const [path, problem] of problems ?? [])
    if (path === field || path.startsWith(`${field}.`)) return problem;
  return null;
}
