// The command line, by commander: which command, with what. The options of serve come from the option table.
import { Command, CommanderError, Option as Flag } from 'commander';
import { envOf, flagOf, optionNames, options, valueOf, type OptionName } from '../config/options.ts';
import type { Option } from '../config/option.ts';
import { nearest, UsageError } from '../config/usage-error.ts';
import { addDiagnosisCommands, diagnosisCommands, type DiagnosisTask } from './diagnosis-commands.ts';
import { addMailCommands, mailCommands, type MailTask } from './mail-commands.ts';
import { explainWrongArguments } from './wrong-arguments.ts';
import { addTestCommands, type ExpectOptions, type ReadyOptions, type WaitOptions } from './test-commands.ts';

export interface SendOptions {
  file: string | null;
  sample: boolean;
  to: string[];
  from: string | null;
  host: string;
  port: number;
  count: number;
  html: boolean;
}

export type Task =
  | { command: 'serve'; flags: Partial<Record<OptionName, unknown>> }
  | { command: 'send'; options: SendOptions }
  | { command: 'wait'; options: WaitOptions }
  | { command: 'expect'; options: ExpectOptions }
  | { command: 'ready'; options: ReadyOptions }
  | MailTask
  | DiagnosisTask
  /** Help or version, to be printed as it is. */
  | { command: 'print'; text: string };

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

function number(flag: string, least: number, most: number) {
  return (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw new UsageError(
      `${flag} "${text}" cannot be used.`,
      `It is a number from ${least} to ${most}.`,
      `Write ${flag} ${least}.`,
    );
  };
}

function helpOf(option: Option): string {
  const shown = Array.isArray(option.default) ? option.default.join(',') : option.default;
  return shown === null || shown === '' || typeof shown === 'boolean'
    ? option.help
    : `${option.help} Default: ${shown}.`;
}

function addOptions(command: Command): void {
  for (const name of optionNames) {
    const option: Option = options[name];
    const value = valueOf(option);
    const flag = new Flag(value === null ? flagOf(name) : `${flagOf(name)} <${value}>`, helpOf(option));
    if (option.type === 'list') flag.argParser(collect);
    command.addOption(flag.helpGroup(`${option.group}:`));
    // To take back on the command line what the file or the environment turned on.
    if (value === null) command.addOption(new Flag(flagOf(name).replace('--', '--no-')).hideHelp());
  }
}

const settings = `Each option can also be set in the environment (--smtp-port as ${envOf('smtpPort')}) and in
mailscope.config.json (as "smtpPort"). Flags win over the environment, the environment over the file.`;

function createProgram(version: string, done: (task: Task) => void): Command {
  const program = new Command('mailscope')
    .description('A local SMTP sandbox that shows the wire.')
    .usage('[serve] [options]')
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Print this help.')
    .helpCommand('help [command]', 'Print the help of a command.')
    .configureHelp({ helpWidth: 100 })
    // What stands behind the name of a command is the command's: several have flags of the same name as serve.
    .enablePositionalOptions()
    .addHelpText('after', `\n${settings}`);
  addOptions(program);
  program.action(() => done({ command: 'serve', flags: givenOf(program) }));

  const serve = program
    .command('serve')
    .description('Start the sandbox; the same as no command.')
    .usage('[options]');
  addOptions(serve);
  serve.helpOption('-h, --help', 'Print this help.').action(() => {
    done({ command: 'serve', flags: { ...givenOf(program), ...givenOf(serve) } });
  });

  program
    .command('send')
    .description('Send a message to a running sandbox.')
    .argument('[file]', 'A message to send as it is; - reads standard input.')
    .option('--sample', 'Send a sample message instead.', false)
    .option(
      '--to <address>',
      'Recipient of the envelope; can be repeated. Default: those of the message.',
      collect,
    )
    .option('--from <address>', 'Sender of the envelope. Default: that of the message.')
    .option('--host <address>', 'Where to send it.', '127.0.0.1')
    .option('--port <port>', 'The SMTP port there.', number('--port', 1, 65_535), 1025)
    .option(
      '--count <number>',
      'How often to send it, over one connection.',
      number('--count', 1, 1_000_000),
      1,
    )
    .option('--html', 'With --sample: with an HTML part and an image.', false)
    .helpOption('-h, --help', 'Print this help.')
    .action((file: string | undefined, given: Omit<SendOptions, 'file'>) => {
      done({
        command: 'send',
        options: { ...given, to: given.to ?? [], from: given.from ?? null, file: file ?? null },
      });
    });
  addTestCommands(program, done);
  addMailCommands(program, done);
  addDiagnosisCommands(program, done);
  return program;
}

const commands = ['serve', 'send', 'wait', 'expect', 'ready', ...mailCommands, ...diagnosisCommands, 'help'];

function givenOf(command: Command): Partial<Record<OptionName, unknown>> {
  // Without a default of its own, `--no-open` would make `open` true.
  const given = command.opts<Record<string, unknown>>();
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => command.getOptionValueSource(name) === 'cli'),
  );
}

/** What the command line asks for. Throws UsageError. */
export function readArguments(argv: readonly string[], version: string): Task {
  let task: Task | undefined;
  let printed = '';
  const program = createProgram(version, (asked) => (task = asked));
  // Behind "help" stands the name of a command, too.
  const word = argv[0] === 'help' && argv[1] !== undefined ? argv[1] : argv[0];
  if (word !== undefined && /^[a-z]/.test(word) && !commands.includes(word)) {
    const near = nearest(word, commands);
    throw new UsageError(
      `Unknown command ${word}.`,
      `The commands are ${commands.join(', ')}.`,
      near ? `Did you mean ${near}?` : 'See "mailscope --help".',
    );
  }
  let failed = program;
  for (const command of [program, ...program.commands])
    command
      .exitOverride((error) => {
        failed = command;
        throw error;
      })
      .allowExcessArguments(false)
      .showSuggestionAfterError(false)
      .configureOutput({ writeOut: (text) => (printed += text), writeErr: () => {} });
  try {
    program.parse(argv[0] === 'help' && argv[1] === 'help' ? ['help'] : argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { command: 'print', text: printed };
    throw explainWrongArguments(error, failed, commands);
  }
  if (task === undefined)
    throw new UsageError('Nothing to do.', 'The command line names no command.', 'See "mailscope --help".');
  return task;
}
