// The commands that say what is wrong, without a running Mailscope: explain, check.
import { Option, type Command } from 'commander';
import { severities, type Severity } from '../../shared/severity.ts';

export interface ExplainOptions {
  /** null: what comes on standard input. */
  text: string | null;
  /** How the name of a client begins, whose settings are shown. */
  client?: string;
  json: boolean;
}

export interface CheckOptions {
  /** -: standard input. */
  files: string[];
  /** From which severity on the exit code is 1. */
  failOn: Severity | 'never';
  json: boolean;
}

export type DiagnosisTask =
  { command: 'explain'; options: ExplainOptions } | { command: 'check'; options: CheckOptions };
export const diagnosisCommands = ['explain', 'check'];

export function addDiagnosisCommands(program: Command, done: (task: DiagnosisTask) => void): void {
  program
    .command('explain')
    .description('Say what the error means that a program printed when it sent mail, and what to do.')
    .argument('[text]', 'As the log has it, in quotes; - or none reads standard input.')
    .option(
      '--client <name>',
      'Show the settings of this client, e.g. nodemailer, django, spring. Default: the one that is recognised.',
    )
    .option('--json', 'Print all that is known as JSON.', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 it is known, 1 it is not, 2 called wrongly.\nFor example: npm test 2>&1 | mailscope explain',
    )
    .helpOption('-h, --help', 'Print this help.')
    .action((text: string | undefined, given: Omit<ExplainOptions, 'text'>) =>
      done({ command: 'explain', options: { ...given, text: text === '-' ? null : (text ?? null) } }),
    );

  program
    .command('check')
    .description('Say what is wrong with message files: header, MIME, encodings, links.')
    .argument('<files...>', 'Message files; - reads standard input.')
    .addOption(
      new Option('--fail-on <severity>', 'End with 1 where something is as bad as this, or worse.')
        .choices([...severities, 'never'])
        .default('error'),
    )
    .option('--json', 'Print all findings as JSON.', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing as bad as --fail-on, 1 something, or a file cannot be read, 2 called wrongly.\nFor example: mailscope check --fail-on warning mail/*.eml',
    )
    .helpOption('-h, --help', 'Print this help.')
    .action((files: string[], given: Omit<CheckOptions, 'files'>) =>
      done({ command: 'check', options: { ...given, files } }),
    );
}
