#!/usr/bin/env node
// The command. It picks what to do, prints errors so that they can be acted upon, and sets the exit code:
// 0 done, 1 failed or not met, 2 called wrongly, 3 (wait, expect, ready) Mailscope could not be asked.
import { basename } from 'node:path';
import { version } from '../paths.ts';

async function run(argv: readonly string[]): Promise<number> {
  // Programs ask for it often; it needs nothing loaded.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  // Under the name of sendmail, as a link to the command has it, it is called as sendmail is.
  const isSendmail = basename(process.argv[1] ?? '') === 'sendmail';
  if ((isSendmail || argv[0] === 'sendmail') && !argv.includes('--help')) {
    const { sendmail } = await import('./sendmail.ts');
    return sendmail(isSendmail ? argv : argv.slice(1));
  }
  const { readArguments } = await import('./arguments.ts');
  const task = readArguments(isSendmail ? ['sendmail', '--help'] : argv, version);
  switch (task.command) {
    case 'print':
      process.stdout.write(task.text);
      return 0;
    case 'send': {
      const { send } = await import('./send.ts');
      await send(task.options);
      return 0;
    }
    case 'wait':
    case 'expect':
    case 'ready': {
      const { runTestCommand } = await import('./ask.ts');
      return runTestCommand(task);
    }
    case 'import': {
      const { importMail } = await import('./import.ts');
      return importMail(task.options);
    }
    case 'export': {
      const { exportMail } = await import('./export.ts');
      return exportMail(task.options);
    }
    case 'explain': {
      const { explain } = await import('./explain.ts');
      return explain(task.options);
    }
    case 'check': {
      const { checkFiles } = await import('./check.ts');
      return checkFiles(task.options);
    }
    case 'mcp': {
      const { serveAgent } = await import('./mcp.ts');
      return serveAgent(task.options);
    }
    case 'serve': {
      const { serve } = await import('./serve.ts');
      return serve(task.flags);
    }
  }
}

// A reader that went away, as `| head` does, is no failure; a full disk is.
process.stderr.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  const text = `mailscope: Standard output cannot be written.\n  Why: ${error.message}\n`;
  process.stderr.write(text, () => process.exit(1));
});

run(process.argv.slice(2)).then(
  // Where something before it could not be written, the listener above ends it.
  (code) => process.stdout.write('', (error) => error ?? process.exit(code)),
  async (error: unknown) => {
    const { explainError } = await import('./explain-error.ts');
    const { text, exitCode } = explainError(error);
    process.stderr.write(text, () => process.exit(exitCode));
  },
);
