// The configuration file: its values as they were written, by option name.
import { existsSync, readFileSync } from 'node:fs';
import { parseJsonFile } from './json-file.ts';
import { optionNames } from './options.ts';
import { nearest, UsageError } from './usage-error.ts';

export const fileName = 'mailscope.config.json';
/** A file does not name another one. */
const fileKeys: readonly string[] = optionNames.filter((name) => name !== 'config');

/** `wasAsked`: it has to be there. Throws UsageError. */
export function readConfigFile(path: string, wasAsked: boolean): Record<string, unknown> {
  if (!wasAsked && !existsSync(path)) return {};
  const refuse = (why: string, hint: string) =>
    new UsageError(`The configuration file ${path} cannot be used.`, why, hint);
  let parsed: unknown;
  try {
    parsed = parseJsonFile(readFileSync(path));
  } catch (cause) {
    const why =
      cause instanceof SyntaxError ? `It is not valid JSON: ${cause.message}` : (cause as Error).message;
    throw refuse(
      why,
      wasAsked ? 'Check the path and the content of the file.' : 'Correct it or move it away.',
    );
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw refuse('It holds no JSON object.', 'Begin with { "httpPort": 8025 }.');
  for (const key of Object.keys(parsed)) {
    if (key === '$schema' || fileKeys.includes(key)) continue;
    const near = nearest(key.replace(/[-_]/g, ''), fileKeys);
    throw refuse(
      `It has an unknown key "${key}".`,
      near ? `Did you mean "${near}"?` : 'See "mailscope --help".',
    );
  }
  return parsed as Record<string, unknown>;
}
