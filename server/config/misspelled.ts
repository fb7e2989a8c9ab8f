// Settings of the environment that are none, but nearly: who mistyped a password would otherwise have none.
import { envOf, optionNames } from './options.ts';
import { nearest } from './usage-error.ts';

const begin = envOf('');

/** One line for each. Others that begin so are let be: Kubernetes sets some for each service of that name. */
export function misspelledSettings(env: Record<string, string | undefined>): string[] {
  const known = optionNames.map((name) => envOf(name).slice(begin.length));
  return Object.keys(env).flatMap((variable) => {
    const name = variable.slice(begin.length);
    if (!variable.startsWith(begin) || known.includes(name)) return [];
    const meant = nearest(name, known);
    if (meant === undefined) return [];
    return [
      `${variable} in the environment is ignored: there is no such setting. Did you mean ${begin}${meant}?`,
    ];
  });
}
