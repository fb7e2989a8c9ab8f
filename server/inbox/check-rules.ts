// Says what is wrong with the patterns of rules, where they come in.
import { MailscopeError } from '../../shared/errors.ts';
import type { InboxRule } from '../../shared/inbox.ts';
import { compilePattern } from './pattern.ts';

const patternOf = (rule: InboxRule): string | undefined => ('pattern' in rule ? rule.pattern : undefined);

export const countPatterns = (rules: readonly InboxRule[]): number =>
  rules.filter((rule) => patternOf(rule) !== undefined).length;

/** Throws invalid_request with the place of what is wrong. */
export function checkRules(rules: readonly InboxRule[]): void {
  for (const [n, rule] of rules.entries()) {
    const pattern = patternOf(rule);
    const compiled = pattern === undefined ? undefined : compilePattern(pattern);
    if (compiled === undefined || compiled.ok) continue;
    const path = `body.rules.${n}.pattern`;
    throw new MailscopeError('invalid_request', `${path}: ${compiled.problem}.`, {
      hint: 'Known are literals, . [a-z] \\d \\w \\s, groups, |, * + ? {2,5}, and ^ $ for the ends.',
      details: [{ path, problem: compiled.problem }],
    });
  }
}
