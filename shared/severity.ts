// How bad something is, the worst first. No schemas here: commands and matchers have it at run time.
export const severities = ['blocker', 'error', 'warning', 'notice', 'info'] as const;
export type Severity = (typeof severities)[number];

export const isAsBad = (one: Severity, other: Severity): boolean =>
  severities.indexOf(one) <= severities.indexOf(other);
