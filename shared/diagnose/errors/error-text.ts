// What programs print when they meet the problem of a rule.
import type { Template } from '../rule.ts';
import type { SnippetClient } from '../snippets/by-client.ts';

/**
 * `client` prints it; null: any. `confidence`, from 0 to 1: how surely who prints this has this problem. The pattern has
 * no nested repetition and no `.*`, so that it stays linear; its named groups become `vars`, as `host` and `port` do.
 */
export type ErrorText = readonly [client: SnippetClient | null, confidence: number, pattern: RegExp];

export interface RuleErrors {
  /** In place of the explanation of the rule, where that tells of a session. */
  said?: Template;
  texts: readonly ErrorText[];
}

/** By the id of the rule. */
export type ErrorTexts = Readonly<Record<string, RuleErrors>>;
