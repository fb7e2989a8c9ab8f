// All rules. What is nearest to the cause comes first: where two findings weigh the same, its order decides.
import type { Rule } from './rule.ts';
import { headerRules } from './rules/header.ts';
import { tlsRules } from './rules/tls.ts';

export const rules: readonly Rule[] = [...tlsRules, ...headerRules];

const byId = new Map(rules.map((rule) => [rule.id, rule]));
export const findRule = (id: string): Rule | undefined => byId.get(id);
