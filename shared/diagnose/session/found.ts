// Puts a finding together: the usual severity of its rule, and texts of strangers cut and without control characters.
import type { Evidence, Found, Severity } from '../../finding.ts';
import { findRule } from '../catalogue.ts';
import { identityOf } from '../write-finding.ts';

const mostText = 200;
const mostEvidence = 5;

/** As it may stand in a sentence. */
export function showText(text: string): string {
  const shown = text.slice(0, mostText).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
  return text.length > mostText ? `${shown.slice(0, mostText - 1)}…` : shown;
}

export const atLine = (n: number, to?: number): Evidence =>
  to === undefined || to <= n ? { kind: 'line', n } : { kind: 'line', n, to };

export const absentAfter = (after: number | null, what: string): Evidence => ({
  kind: 'absence',
  after,
  what,
});

export interface Facts {
  confidence: number;
  evidence: Evidence[];
  vars?: Found['vars'];
  /** Where it is not the usual one of the rule. */
  severity?: Severity;
}

export function makeFound(rule: string, { confidence, evidence, vars = {}, severity }: Facts): Found {
  const shown = Object.entries(vars).map(([name, value]) => [
    name,
    typeof value === 'string' ? showText(value) : value,
  ]);
  return {
    rule,
    severity: severity ?? findRule(rule)!.severity,
    confidence,
    evidence: evidence.slice(0, mostEvidence),
    vars: Object.fromEntries(shown) as Found['vars'],
  };
}

/**
 * What was found several times in one session is one finding with the evidence of the first ones, in each `group`: where
 * the mail of a session belongs to several inboxes, none of them is to be told of that of others.
 */
export function mergeFound(all: readonly Found[], groupOf: (one: Found) => string): Found[] {
  if (all.length < 2) return [...all];
  const merged = new Map<string, Found>();
  for (const one of all) {
    const key = [one.rule, groupOf(one), ...identityOf(one)].join('\n');
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...one });
    else known.evidence = [...known.evidence, ...one.evidence].slice(0, mostEvidence);
  }
  return [...merged.values()];
}
