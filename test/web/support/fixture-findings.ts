// What rules found, and its issues, as the API gives them.
import { rules } from '../../../shared/diagnose/catalogue.ts';
import { writeFinding, writeRule } from '../../../shared/diagnose/write-finding.ts';
import type { ErrorMatch, Finding, Found, RuleSummary } from '../../../shared/finding.ts';
import type { Issue } from '../../../shared/issue.ts';

export const rejected: Found = {
  rule: 'tls.certificate-rejected',
  severity: 'blocker',
  confidence: 0.95,
  evidence: [
    { kind: 'line', n: 5, text: 'alert 48' },
    { kind: 'timing', fromUs: 1200, toUs: 2400, what: 'From the certificate to the alert' },
  ],
  vars: { how: 'with the alert unknown_ca', reason: ', since it does not know its issuer' },
};
export const dateless: Found = {
  rule: 'header.no-date',
  severity: 'warning',
  confidence: 1,
  evidence: [
    { kind: 'missing-header', header: 'Date' },
    { kind: 'message', offset: 21, length: 12, header: 'Subject', text: 'Subject: Hi' },
  ],
  vars: {},
};

export const toFinding = (found: Found, subject = 'app.test'): Finding =>
  writeFinding(found, subject, { name: 'nodemailer', confidence: 0.9 })!;

export const someRules = (): RuleSummary[] => rules.map((rule) => writeRule(rule));

export function makeIssue(id: string, given: Partial<Issue> = {}): Issue {
  const { fingerprint, rule, title, stage, severity, explanation } = toFinding(rejected);
  return {
    id,
    ...{ fingerprint, rule, title, stage, severity },
    subject: 'app.test',
    text: explanation,
    state: 'open',
    note: '',
    count: 1,
    reopened: 0,
    firstSeenAt: '2026-03-12T14:00:00.000Z',
    lastSeenAt: '2026-03-12T14:20:00.000Z',
    sessionId: 's_tls',
    messageId: null,
    changedAt: null,
    ...given,
  };
}

/** Of a server that has seen two problems, one of which was mended. */
export function someIssues(): Issue[] {
  const { fingerprint, rule, title, stage, severity, explanation } = toFinding(dateless, 'example.com');
  return [
    makeIssue('i_tls', { count: 14, reopened: 1, note: 'Asked Bob.' }),
    makeIssue('i_date', {
      ...{ fingerprint, rule, title, stage, severity },
      subject: 'example.com',
      text: explanation,
      count: 1203,
      lastSeenAt: '2026-03-12T14:10:00.000Z',
      sessionId: null,
      messageId: 'm_invoice',
    }),
    makeIssue('i_old', { state: 'resolved', lastSeenAt: '2026-03-10T14:10:00.000Z', subject: 'old.test' }),
  ];
}

export function matchOf(text: string): ErrorMatch[] {
  if (!/certificate/.test(text)) return [];
  const rule = someRules().find(({ id }) => id === rejected.rule)!;
  return [{ rule, confidence: 0.8, client: 'nodemailer', text: text.slice(0, 60), preset: null }];
}
