// The commands that say what is wrong, without a running Mailscope: explain.
import type { Command } from 'commander';

export interface ExplainOptions {
  /** null: what comes on standard input. */
  text: string | null;
  /** How the name of a client begins, whose settings are shown. */
  client?: string;
  json: boolean;
}

export type DiagnosisTask = { command: 'explain'; options: ExplainOptions };
export const diagnosisCommands = ['explain'];

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
}
