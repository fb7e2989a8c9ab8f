// The commands for tests and scripts: wait, expect, ready. They ask a running Mailscope over its API.
import { Option as Flag, type Command } from 'commander';
import { lacksUnit } from '../config/option-values.ts';
import { UsageError } from '../config/usage-error.ts';
import { passwordFlag, tokenFlag, urlFlag, type ServerOptions } from './server-flags.ts';

export interface WaitOptions extends ServerOptions {
  query: string;
  after?: string;
  inbox?: string;
  count?: string;
  timeout?: string;
  none: boolean;
  sessions: boolean;
  print: Printed;
}
export interface ExpectOptions extends ServerOptions {
  file: string;
  after?: string;
  inbox?: string;
  timeout?: string;
  json: boolean;
}
export interface ReadyOptions extends ServerOptions {
  timeout: string;
}

export type TestTask =
  | { command: 'wait'; options: WaitOptions }
  | { command: 'expect'; options: ExpectOptions }
  | { command: 'ready'; options: ReadyOptions };

const printed = ['line', 'id', 'code', 'link', 'text', 'cursor', 'json'] as const;
export type Printed = (typeof printed)[number];

const afterHelp =
  'Only what comes after this: a cursor, or an ISO time. Without it what is stored counts too.';

/** `--timeout 10` is hardly meant as 10 ms. What else is wrong with it the server says. */
function readTimeout(text: string): string {
  if (!lacksUnit(text)) return text;
  const number = text.trim();
  throw new UsageError(
    `--timeout "${number}" has no unit.`,
    'It could be seconds or milliseconds.',
    `Write --timeout ${number}s or --timeout ${number}ms.`,
  );
}

const codes = (lines: string): string =>
  `\nExit codes: ${lines}, 2 called wrongly, 3 Mailscope could not be asked.`;

export function addTestCommands(program: Command, done: (task: TestTask) => void): void {
  program
    .command('wait')
    .description('Wait until a message is there, and print it.')
    .argument('[query]', 'A search, such as "to:ann@example.com subject:reset". Default: any message.')
    .option('--after <cursor>', afterHelp)
    .option('--inbox <name>', 'Only what is in this inbox.')
    .option('--count <number>', 'Wait for at least so many. Default: 1.')
    .option('--timeout <duration>', 'How long to wait, up to 5m. Default: 10s.', readTimeout)
    .option('--none', 'The opposite: make sure that none comes in that time.', false)
    .option('--sessions', 'Wait for a session instead, judged at each of its messages and at its end.', false)
    .addOption(
      new Flag(
        '--print <what>',
        'What to print of each: a line, its id, its first one-time code, its first link to click, its text, the cursor for the next --after, or all as JSON.',
      )
        .choices(printed)
        .default('line'),
    )
    .addOption(urlFlag())
    .addOption(tokenFlag())
    .addOption(passwordFlag())
    .addHelpText('after', codes('0 it came (with --none: none came), 1 it did not'))
    .helpOption('-h, --help', 'Print this help.')
    .action((query: string | undefined, given: Omit<WaitOptions, 'query'>) =>
      done({ command: 'wait', options: { ...given, query: query ?? '' } }),
    );

  program
    .command('expect')
    .description('Check an expectation: conditions on messages and sessions.')
    .argument('<file>', 'The expectation as JSON, as POST /api/expect takes it; - reads standard input.')
    .option('--after <cursor>', afterHelp)
    .option('--inbox <name>', 'Only what is in this inbox.')
    .option(
      '--timeout <duration>',
      'How long it may take until all holds, up to 5m. Default: 2s.',
      readTimeout,
    )
    .option('--json', 'Print the report as JSON.', false)
    .addOption(urlFlag())
    .addOption(tokenFlag())
    .addOption(passwordFlag())
    .addHelpText('after', codes('0 all holds, 1 something does not'))
    .helpOption('-h, --help', 'Print this help.')
    .action((file: string, given: Omit<ExpectOptions, 'file'>) =>
      done({ command: 'expect', options: { ...given, file } }),
    );

  program
    .command('ready')
    .description('Wait until Mailscope answers, and print the cursor of this moment, for --after.')
    .option('--timeout <duration>', 'How long to wait, up to 5m.', readTimeout, '30s')
    .addOption(urlFlag())
    .addOption(tokenFlag())
    .addOption(passwordFlag())
    .addHelpText('after', codes('0 it answers'))
    .helpOption('-h, --help', 'Print this help.')
    .action((options: ReadyOptions) => done({ command: 'ready', options }));
}
