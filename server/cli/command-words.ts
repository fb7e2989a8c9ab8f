// What the API says is wrong, in the words of the command line: its parameters were given as flags.
import { MailscopeError } from '../../shared/errors.ts';
import type { TestTask } from './test-commands.ts';

const header = /the Mailscope-Cursor header of an?( newe?r?)? answer/;

/** The flag that the server found wrong. */
function wrongFlag({ code, details }: MailscopeError, given: object) {
  if (code !== 'invalid_request' || !Array.isArray(details)) return undefined;
  const [first] = details as { path: string; problem: string }[];
  const name = first?.path.replace(/^(query|body)\./, '') ?? '';
  const isGiven = (given as Record<string, unknown>)[name] !== undefined;
  return first && isGiven ? { name, problem: first.problem } : undefined;
}

export function inCommandWords(error: MailscopeError, { command, options }: TestTask): MailscopeError {
  const { code, message, hint } = error;
  if (code === 'unexpected_message' || code === 'unexpected_session')
    return new MailscopeError(code, message, {
      hint: hint && 'Give --after where it is one from before the test.',
    });
  const flag = wrongFlag(error, options);
  if (flag?.name === 'after')
    return new MailscopeError(code, message.replace('`after`', '--after'), {
      hint: hint && hint.replace(header, 'a cursor that "mailscope ready" prints'),
    });
  if (flag)
    return new MailscopeError(code, `--${flag.name}: ${flag.problem}`, {
      hint: `See "mailscope ${command} --help".`,
    });
  return error;
}
