// What is wrong with a command line that commander refused, in words of the command that was called.
import type { Command, CommanderError } from 'commander';
import { nearest, UsageError } from '../config/usage-error.ts';

/** Those that take a search: written without quotes it is several arguments. */
const searching = ['wait', 'export'];

const flagsOf = (command: Command): string[] => command.options.flatMap(({ long }) => long ?? []);

const nameOf = (command: Command): string => (command.parent ? `mailscope ${command.name()}` : 'mailscope');
const helpFor = (command: Command): string => `See "${nameOf(command)} --help".`;

const searchBy = (command: Command, search: string): string =>
  `${nameOf(command)} ${search.startsWith('-') ? '-- ' : ''}'${search}'.`;

function explainUnknown(given: string, command: Command): UsageError {
  const flag = given.split('=', 1)[0]!;
  if (searching.includes(command.name()) && /^-[^-]./.test(flag))
    return new UsageError(
      `Unknown option ${flag}.`,
      'A search that begins with a minus has to stand behind --, all of it in quotes.',
      `Write ${searchBy(command, given)}`,
    );
  const own = flagsOf(command);
  const see = helpFor(command);
  if (own.includes(flag))
    return new UsageError(
      `${flag} takes no value.`,
      'It is a switch.',
      own.includes(`--no-${flag.slice(2)}`)
        ? `Write ${flag}, or --no-${flag.slice(2)}. ${see}`
        : `Write ${flag}. ${see}`,
    );
  const program = command.parent ?? command;
  const others = [program, ...program.commands].filter((other) => flagsOf(other).includes(flag));
  const names = new Set(others.map((other) => (other.parent ? other.name() : 'serve')));
  const near = nearest(flag, [...own, '--help']);
  const meant = near ? [near] : own.filter((one) => one.endsWith(`-${flag.slice(2)}`));
  return new UsageError(
    `Unknown option ${flag}.`,
    names.size > 0
      ? `It is an option of mailscope ${[...names].join(', ')}.`
      : `${command.parent ? nameOf(command) : 'Mailscope'} has no option of that name.`,
    meant.length > 0 ? `Did you mean ${meant.join(' or ')}? ${see}` : see,
  );
}

function explainExcess(command: Command, commands: readonly string[]): UsageError {
  const what = 'There is an argument too many.';
  if (searching.includes(command.name()))
    return new UsageError(
      what,
      'The search is one argument.',
      `Put it in quotes: ${searchBy(command, command.args.join(' '))}`,
    );
  if (command.name() === 'explain')
    return new UsageError(what, 'The text is one argument.', 'Put it in quotes, or into standard input.');
  return new UsageError(
    what,
    command.parent
      ? `${nameOf(command)} takes ${command.registeredArguments.length === 0 ? 'none' : 'one'}.`
      : `Only a known command can stand there: ${commands.join(', ')}.`,
    helpFor(command),
  );
}

/** `commands` are the names of all. */
export function explainWrongArguments(
  error: CommanderError,
  command: Command,
  commands: readonly string[],
): UsageError {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const see = helpFor(command);
  switch (error.code) {
    case 'commander.unknownOption':
      return explainUnknown(quoted, command);
    case 'commander.optionMissingArgument':
      return new UsageError(
        `${quoted.split(' ', 1)[0]} has no value.`,
        'This option needs one.',
        `Write ${quoted}. ${see}`,
      );
    case 'commander.excessArguments':
    case 'commander.unknownCommand':
      return explainExcess(command, commands);
    default:
      return new UsageError('The command line cannot be read.', error.message.replace(/^error: /, ''), see);
  }
}
