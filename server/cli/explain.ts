// mailscope explain: what the error of a program means. It needs no running Mailscope.
import { text as readAll } from 'node:stream/consumers';
import { explainError } from '../../shared/diagnose/explain-error.ts';
import { snippetKinds, snippets } from '../../shared/diagnose/snippets.ts';
import type { ErrorMatch, FixSnippet } from '../../shared/finding.ts';
import { UsageError } from '../config/usage-error.ts';
import { escapeControls } from '../log.ts';
import type { ExplainOptions } from './diagnosis-commands.ts';

/** Of the others `--json` tells. */
const shown = 3;

async function readText(given: string | null): Promise<string> {
  if (given === null && process.stdin.isTTY)
    throw new UsageError(
      'There is no text to explain.',
      'None was given, and standard input is a terminal.',
      "Write for example mailscope explain 'connect ECONNREFUSED 127.0.0.1:1025'.",
    );
  const text = given ?? (await readAll(process.stdin));
  // The error is at the end of a long log.
  return text.length <= 20_000 ? text : text.slice(-20_000);
}

function findClient(asked: string): string {
  const names = new Set(snippetKinds.flatMap((kind) => snippets[kind].map(({ client }) => client)));
  const word = asked.trim().toLowerCase();
  const near = (name: string): boolean =>
    name
      .toLowerCase()
      .split(/[ ./]/)
      .some((part) => part.startsWith(word)) || name.toLowerCase().startsWith(word);
  const found = word === '' ? undefined : [...names].find(near);
  if (found !== undefined) return found;
  throw new UsageError(
    `--client "${asked}" is not known.`,
    `There are settings for ${[...names].join(', ')}.`,
    'Write one of these names, or the beginning of it.',
  );
}

const risks = { 'dev-only': ' (for development only)', 'weakens-security': ' (makes it less secure)' };
const code = (all: readonly FixSnippet[], client: string | null): string[] => {
  const own = all.find((snippet) => snippet.client === client);
  return own === undefined
    ? []
    : own.code.split('\n').map((line) => `         ${line.replaceAll('\t', '    ')}`);
};

function write({ rule, confidence, client: recognised, preset }: ErrorMatch, asked: string | null): string[] {
  const client = asked ?? recognised;
  const sure = confidence < 0.6 ? 'perhaps' : `${Math.round(confidence * 100)} % sure`;
  return [
    `${rule.title}  (${rule.id}, ${sure})`,
    `   ${rule.explanation}`,
    ...(rule.causes.length === 0 ? [] : ['   Why, the likeliest first:']),
    ...rule.causes.map((cause) => `     - ${cause}`),
    '   What to do:',
    ...rule.fixes.flatMap(({ text, risk, snippets: all }) => [
      `     - ${text}${risk === null ? '' : risks[risk]}`,
      ...code(all, client),
    ]),
    ...(rule.references.length === 0
      ? []
      : [`   See ${rule.references.map(({ text }) => text).join(', ')}.`]),
    ...(preset === null ? [] : [`   To simulate it: mailscope --fault ${preset}`]),
    '',
  ];
}

/** Resolves with the exit code. */
export async function explain({ text: given, client, json }: ExplainOptions): Promise<number> {
  const asked = client === undefined ? null : findClient(client);
  const matches = explainError(await readText(given));
  if (json) process.stdout.write(`${JSON.stringify({ items: matches })}\n`);
  else
    for (const line of matches.slice(0, shown).flatMap((match) => write(match, asked)))
      process.stdout.write(`${escapeControls(line)}\n`);
  if (matches.length > 0) return 0;
  process.stderr.write(
    'mailscope: Nothing is known about this text.\n  Do:  Give the lines with the error as the log has them, or send the mail to Mailscope: its session says what failed.\n',
  );
  return 1;
}
