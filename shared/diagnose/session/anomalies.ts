// Anomalies that the record of a session notes, as findings.
import type { Evidence } from '../../finding.ts';
import type { Anomaly, AnomalyKind, Session } from '../../session.ts';
import { atLine } from './found.ts';

export const anomalyOf = (
  { anomalyList }: Pick<Session, 'anomalyList'>,
  kind: AnomalyKind,
): Anomaly | undefined => anomalyList.find((anomaly) => anomaly.kind === kind);

export const evidenceOf = ({ line, atUs, text }: Anomaly): Evidence =>
  line === null ? { kind: 'timing', fromUs: atUs, toUs: atUs, what: text.slice(0, 300) } : atLine(line);
