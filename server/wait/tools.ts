// The tools of judging, with a limit to their time: expressions and selectors of a caller run on texts of strangers.
import { createContext, Script } from 'node:vm';
import { MailscopeError } from '../../shared/errors.ts';
import type { Tools } from '../../shared/expect/judge-texts.ts';

const patienceMs = 500;
const maxText = 1024 * 1024;

// What runs within a script of node:vm can be stopped, whatever it calls. One context serves all: nothing of the
// callers' is code in it.
const holder: { work: () => unknown } = { work: () => undefined };
const context = createContext(holder);
const script = new Script('work()');

function limited<T>(what: string, work: () => T): T {
  holder.work = work;
  try {
    return script.runInContext(context, { timeout: patienceMs }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new MailscopeError('invalid_request', `${what} takes longer than ${patienceMs} ms on a message.`, {
      hint: 'Make it simpler.',
    });
  } finally {
    holder.work = () => undefined;
  }
}

export function createTools(selectHtml: Tools['selectHtml']): Tools {
  const expressions = new Map<string, RegExp>();

  function compile(pattern: string, ignoreCase: boolean): RegExp {
    const key = `${ignoreCase ? 'iu' : 'u'}/${pattern}`;
    let expression = expressions.get(key);
    if (expression === undefined) {
      try {
        expression = new RegExp(pattern, ignoreCase ? 'iu' : 'u');
      } catch (cause) {
        throw new MailscopeError(
          'invalid_request',
          `/${pattern}/ is no regular expression: ${(cause as Error).message}`,
          { hint: 'Within JSON each \\ is written twice.', cause },
        );
      }
      expressions.set(key, expression);
    }
    return expression;
  }

  return {
    matchesPattern(pattern, ignoreCase, text) {
      const expression = compile(pattern, ignoreCase);
      return limited(`The expression /${pattern}/`, () => expression.test(text.slice(0, maxText)));
    },
    selectHtml: (html, selector) =>
      limited(`The selector ${JSON.stringify(selector)}`, () => selectHtml(html, selector)),
  };
}
