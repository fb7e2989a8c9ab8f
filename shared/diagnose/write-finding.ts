// Makes findings of what rules found: the words of the catalogue, filled with what was seen.
import type { Finding, Fix, Found, RuleSummary } from '../finding.ts';
import { severities } from '../severity.ts';
import type { MessageSummary } from '../message.ts';
import { findRule } from './catalogue.ts';
import { fillTemplate } from './fill-template.ts';
import type { Rule, RuleFix } from './rule.ts';
import { snippetsOf } from './snippets.ts';

export type Vars = Found['vars'];
export interface GuessedClient {
  name: string;
  confidence: number;
}

const toReference = (text: string): Finding['references'][number] => {
  const [, number, section] = /^RFC (\d+)(?: (?:section )?([\d.]+))?/.exec(text) ?? [];
  const place = section === undefined ? '' : `#section-${section.replace(/\.$/, '')}`;
  return { text, url: `https://www.rfc-editor.org/rfc/rfc${number ?? ''}.html${place}` };
};

const writeFix = ({ text, risk, snippets }: RuleFix, vars: Vars, client: string | null): Fix => ({
  text: fillTemplate(text, vars),
  risk: risk ?? null,
  snippets: snippets === undefined ? [] : snippetsOf(snippets, client),
});

/** The words of a rule. Those of `client` come first among the snippets. */
export const writeRule = (rule: Rule, vars: Vars = {}, client: string | null = null): RuleSummary => ({
  id: rule.id,
  title: rule.title,
  stage: rule.stage,
  scope: rule.scope,
  severity: rule.severity,
  explanation: fillTemplate(rule.explanation, vars),
  causes: rule.causes.map((cause) => fillTemplate(cause, vars)),
  fixes: rule.fixes.map((fix) => writeFix(fix, vars, client)),
  references: rule.references.map(toReference),
});

const behindAt = (text: string): string => text.slice(text.lastIndexOf('@') + 1);

/**
 * Whom findings of a message are about: the domain of its From, else of who sent it. A program writes from many
 * addresses, often from those of its users; what is wrong with its mail is one problem.
 */
export function messageSubject({ from, mailFrom }: Pick<MessageSummary, 'from' | 'mailFrom'>): string {
  const addresses = [...from.map(({ address }) => address), mailFrom];
  const address = addresses.find((one) => /@./.test(one.slice(-254)));
  return address === undefined ? '(nobody)' : behindAt(address);
}

/** Names that a machine gives itself anew each time, as containers do, are one. */
const steady = (subject: string): string => (/^[0-9a-f]{12}$/.test(subject) ? '(container)' : subject);

/** What makes it another problem than others of its rule; of an address that is its domain, since users have many. */
export const identityOf = ({ rule, vars }: Pick<Found, 'rule' | 'vars'>): string[] =>
  (findRule(rule)?.identity ?? []).map((name) => {
    const value = String(vars[name] ?? '');
    return value.includes('@') ? behindAt(value).toLowerCase() : value;
  });

/** Whose problem it is, which, and what its rule says is another one. */
export const fingerprintOf = (found: Pick<Found, 'rule' | 'vars'>, subject: string): string =>
  [found.rule, steady(subject).toLowerCase().slice(0, 200), ...identityOf(found)].join('|');

/** Undefined where this version has no such rule. */
export function writeFinding(
  found: Found,
  subject: string,
  client: GuessedClient | null,
): Finding | undefined {
  const rule = findRule(found.rule);
  if (rule === undefined) return undefined;
  const { title, stage, explanation, causes, fixes, references } = writeRule(
    rule,
    found.vars,
    client?.name ?? null,
  );
  const words = { title, stage, explanation, causes, fixes, references };
  return { ...found, ...words, client, fingerprint: fingerprintOf(found, subject) };
}

const rank = new Map(severities.map((severity, index) => [severity, index]));
export const mostFound = 50;

/** The worst and surest first. */
export const worstFirst = (all: readonly Found[]): Found[] =>
  all
    .toSorted(
      (one, other) =>
        rank.get(one.severity)! - rank.get(other.severity)! || other.confidence - one.confidence,
    )
    .slice(0, mostFound);

/** Of a message: without symptoms of others among them. */
export function rankFound(all: readonly Found[]): Found[] {
  const suppressed = new Set(all.flatMap(({ rule }) => findRule(rule)?.suppresses ?? []));
  return worstFirst(all.filter(({ rule }) => !suppressed.has(rule)));
}
