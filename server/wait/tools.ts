// The tools of judging, with a limit to their time: expressions and selectors of a caller run on texts of strangers.
import { MailscopeError } from '../../shared/errors.ts';
import type { Tools } from '../../shared/expect/judge-texts.ts';
import { withinTime } from '../within-time.ts';

const patienceMs = 500;
const maxText = 1024 * 1024;

function limited<T>(what: string, work: () => T): T {
  const done = withinTime(patienceMs, work);
  if (done.ok) return done.value;
  throw new MailscopeError('invalid_request', `${what} takes longer than ${patienceMs} ms on a message.`, {
    hint: 'Make it simpler.',
  });
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
