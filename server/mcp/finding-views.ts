// What rules found, and what an error means, as an agent gets it: the words with the settings of one client.
import type { ErrorMatch, Evidence, Finding, Fix, FoundSummary } from '../../shared/finding.ts';
import { cut } from './untrusted.ts';

const shown = 20;
const shownMatches = 5;

/** Settings of a client that the agent does not have to do with are of no use to it. */
const viewFix = ({ text, risk, snippets }: Fix, client: string | null) => {
  const own = snippets.find((snippet) => snippet.client === client);
  return {
    do: cut(text, 500),
    ...(risk === null ? {} : { risk }),
    ...(own === undefined ? {} : { code: own.code }),
  };
};

function viewEvidence(evidence: Evidence): string {
  const text = 'text' in evidence && evidence.text ? `: ${cut(evidence.text, 200)}` : '';
  switch (evidence.kind) {
    case 'line':
      return `${evidence.to === undefined ? `line ${evidence.n}` : `lines ${evidence.n} to ${evidence.to}`} of the transcript${text}`;
    case 'absence':
      return `${evidence.after === null ? '' : `behind line ${evidence.after}: `}no ${cut(evidence.what, 200)}`;
    case 'message':
      return [
        `byte ${evidence.offset} of the message, ${evidence.length} long`,
        evidence.header === undefined ? '' : `, in ${cut(evidence.header, 100)}`,
        evidence.part === undefined ? '' : `, part ${evidence.part}`,
        text,
      ].join('');
    case 'missing-header':
      return `there is no ${cut(evidence.header, 100)}`;
    case 'timing':
      return `${(evidence.toUs - evidence.fromUs) / 1000} ms: ${cut(evidence.what, 200)}`;
    case 'certificate':
      return `${evidence.field} of the certificate${text}`;
    case 'session':
      return `session ${evidence.id}${text}`;
  }
}

export const viewFinding = (finding: Finding) => ({
  rule: finding.rule,
  severity: finding.severity,
  confidence: finding.confidence,
  title: finding.title,
  what: cut(finding.explanation, 700),
  why: finding.causes.map((cause) => cut(cause, 300)),
  fixes: finding.fixes.map((fix) => viewFix(fix, finding.client?.name ?? null)),
  evidence: finding.evidence.slice(0, 5).map(viewEvidence),
});

export const viewFindings = (items: readonly Finding[]) =>
  items.length === 0 ? {} : { findings: items.slice(0, shown).map(viewFinding) };

export const viewFoundSummary = (found: FoundSummary | undefined) =>
  found === undefined ? {} : { found: `${found.count}, the worst of them: ${found.worst}` };

export const viewMatches = (items: readonly ErrorMatch[]) =>
  items.slice(0, shownMatches).map(({ rule, confidence, client, text, preset }) => ({
    rule: rule.id,
    confidence,
    title: rule.title,
    client,
    matched: text,
    what: rule.explanation,
    why: rule.causes,
    fixes: rule.fixes.map((fix) => viewFix(fix, client)),
    references: rule.references.map((reference) => reference.text),
    simulatedBy: preset,
  }));
