// The commands that bring mail in and out: sendmail, import, export, mcp. They speak to a running Mailscope.
import { Option as Flag, type Command } from 'commander';
import { emptyError, UsageError } from '../config/usage-error.ts';
import { passwordFlag, tokenFlag, urlFlag, type ServerOptions } from './server-flags.ts';

const importFormats = ['auto', 'eml', 'mbox', 'maildir'] as const;
const mboxQuotings = ['mboxrd', 'mboxo', 'mboxcl2'] as const;
const exportFormats = ['mbox', 'eml', 'maildir'] as const;
export type MboxQuoting = (typeof mboxQuotings)[number];

export interface ImportOptions extends ServerOptions {
  paths: string[];
  format: (typeof importFormats)[number];
  mboxQuoting: MboxQuoting;
  from?: string;
  rcpt?: string[];
  quiet: boolean;
}
export interface ExportOptions extends ServerOptions {
  /** Or a path, where `output` is not given. */
  query: string;
  /** `-` for standard output. */
  output?: string;
  format?: (typeof exportFormats)[number];
  limit?: number;
  force: boolean;
  quiet: boolean;
}
export type AgentOptions = ServerOptions;

export type MailTask =
  | { command: 'import'; options: ImportOptions }
  | { command: 'export'; options: ExportOptions }
  | { command: 'mcp'; options: AgentOptions };

export const mailCommands = ['sendmail', 'import', 'export', 'mcp'];

function readLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--limit "${text}" cannot be used.`, 'It is a number from 1.', 'Write --limit 10.');
}

function readOutput(path: string): string {
  if (path.trim() !== '') return path;
  throw emptyError('--output', 'a path');
}

const codes = (lines: string): string => `\nExit codes: ${lines}`;
const codesOfTransfer = (failed: string): string =>
  codes(`0 done, 1 ${failed}, 2 called wrongly, 3 Mailscope could not be asked.`);

const sendmailFlags = `
Flags:
  -t              take the recipients of To, Cc and Bcc too, and take Bcc out of the message
  -i, -oi         a line that holds but a dot is text
  -f, -r ADDRESS  sender of the envelope; else the user at this machine
  -F NAME         full name for the From field, where the message has none
  -N WHEN         delivery reports wanted: never, or some of failure,delay,success
  -R WHAT         what a report is to return: full or hdrs
  -V ID           envelope identifier for reports
  -bm, -bs        take a message on standard input (the default), or speak SMTP there
  -bp, -bi        show the queue, make aliases: there are none
  -v              print what the server answered`;

const sendmailNotes = `
Recipients may stand anywhere; addresses without a domain get the name of this machine. Other flags of sendmail, such
as -oem, -O, -q, -B and -X, are taken and mean nothing here. Without -i a line that holds but a dot ends the message.
From, Date and Message-ID are added where they are missing.

For PHP, in php.ini: sendmail_path = "mailscope sendmail -t -i"
A link of the name sendmail to the command works as well.

Exit codes, of sysexits.h: 0 sent, 64 called wrongly or nobody to send to, 65 the message cannot be sent, 67 a recipient
was refused, 68 unknown host, 69 refused, 70 an error of ours, 75 not reached or refused for the moment, 76 no SMTP
there, 77 a login is needed, 78 the environment is wrong.`;

function addSendmail(program: Command): void {
  program
    .command('sendmail')
    .description('Stand in for sendmail: send what comes on standard input to a running sandbox.')
    .usage('[flags] [recipient...]')
    .addOption(new Flag('--host <address>', 'Where Mailscope is. Default: 127.0.0.1.').env('MAILSCOPE_HOST'))
    .addOption(new Flag('--port <port>', 'Its SMTP port. Default: 1025.').env('MAILSCOPE_SMTP_PORT'))
    .addOption(new Flag('--user <name:password>', 'A login, where one is needed.').env('MAILSCOPE_USER'))
    .addHelpText('after', `${sendmailFlags}\n${sendmailNotes}`)
    .helpOption('-h, --help', 'Print this help.');
}

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function addMailCommands(program: Command, done: (task: MailTask) => void): void {
  addSendmail(program);

  program
    .command('import')
    .description('Put mail of files into the store, byte by byte.')
    .argument(
      '<paths...>',
      'Message files, mbox files, Maildir folders, folders with such in them; - reads standard input.',
    )
    .addOption(
      new Flag('--format <format>', 'What the paths are; auto looks at each.')
        .choices(importFormats)
        .default('auto'),
    )
    .addOption(
      new Flag(
        '--mbox-quoting <rule>',
        'How lines of a message that begin with "From " are written in mbox files.',
      )
        .choices(mboxQuotings)
        .default('mboxrd'),
    )
    .option('--from <address>', 'Sender of the envelope. Default: Return-Path, else From.')
    .option(
      '--rcpt <address>',
      'Recipient of the envelope; can be repeated. Default: To, Cc and Bcc.',
      collect,
    )
    .option('--quiet', 'No progress and no summary; only what went wrong.', false)
    .addOption(urlFlag())
    .addOption(tokenFlag())
    .addOption(passwordFlag())
    .addHelpText('after', codesOfTransfer('some messages were not imported, and standard error says which'))
    .helpOption('-h, --help', 'Print this help.')
    .action((paths: string[], given: Omit<ImportOptions, 'paths'>) =>
      done({ command: 'import', options: { ...given, paths } }),
    );

  program
    .command('export')
    .description('Write messages to an mbox file, a folder, a Maildir or standard output, oldest first.')
    .argument(
      '[query]',
      'A search, such as "to:ann@example.com after:2024-01-01"; or, without --output, where to write all messages: mails/, ./mails, all.mbox, or a folder that exists. Default: all messages.',
    )
    .option(
      '--output <path>',
      'A file for mbox, a folder for eml and maildir; - is standard output. Default: -.',
      readOutput,
    )
    .addOption(
      new Flag(
        '--format <format>',
        'mbox (quoted as mboxrd), eml: a file for each message, or maildir: the same with read and pinned as flags. Default: eml where --output is a folder or ends in a slash, else mbox.',
      ).choices(exportFormats),
    )
    .option('--limit <number>', 'Only the newest so many.', readLimit)
    .option('--force', 'Write over files that exist.', false)
    .option('--quiet', 'No progress and no summary; only what went wrong.', false)
    .addOption(urlFlag())
    .addOption(tokenFlag())
    .addOption(passwordFlag())
    .addHelpText('after', codesOfTransfer('something could not be written or read, or no message matches'))
    .helpOption('-h, --help', 'Print this help.')
    .action((query: string | undefined, given: Omit<ExportOptions, 'query'>) =>
      done({ command: 'export', options: { ...given, query: query ?? '' } }),
    );

  program
    .command('mcp')
    .description(
      'Let a coding agent look at mail: a server of the Model Context Protocol on standard input and output.',
    )
    .addOption(urlFlag())
    .addOption(tokenFlag())
    .addOption(passwordFlag())
    .addHelpText(
      'after',
      `${codes('0 the agent has closed it, 2 called wrongly.')}\nAgents that speak HTTP find the same at /mcp of the web port.`,
    )
    .helpOption('-h, --help', 'Print this help.')
    .action((options: AgentOptions) => done({ command: 'mcp', options }));
}
