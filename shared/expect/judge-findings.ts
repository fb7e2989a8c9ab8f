// The condition that nothing is wrong with a session or a message, or nothing so bad.
import { findRule } from '../diagnose/catalogue.ts';
import type { Found } from '../finding.ts';
import { severities, type Severity } from '../severity.ts';
import { isBelow } from './severity.ts';

/** As a sentence of what was found says it. */
const tell = ({ rule, severity }: Found): string => `${severity} ${rule}: ${findRule(rule)?.title ?? ''}.`;

const linesOf = ({ evidence }: Found): number[] =>
  evidence.flatMap((one) => (one.kind === 'line' ? one.n : one.kind === 'absence' ? (one.after ?? []) : []));

export const findingsText = (below: Severity): string =>
  `there is no finding of severity ${severities
    .slice(0, severities.indexOf(below) + 1)
    .toReversed()
    .join(', ')}`;

/** Those that are too bad, and the lines of the transcript that they stand on. */
export function badFindings(
  all: readonly Found[] | undefined,
  below: Severity,
): { texts: string[]; lines: number[] } {
  const bad = (all ?? []).filter(({ severity }) => !isBelow(severity, below));
  return { texts: bad.map(tell), lines: bad.flatMap(linesOf) };
}
