// What is wrong with TLS in a session.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';

export function* findTlsProblems({ handshakes }: Session): Generator<Found> {
  for (const { failure, line, mode } of handshakes)
    if (failure !== null && failure.by === 'client' && mode !== 'unexpected')
      yield {
        rule: 'tls.certificate-rejected',
        severity: 'blocker',
        confidence: failure.alert === null ? 0.85 : 0.95,
        evidence: [{ kind: 'line', n: line }],
        vars: {
          how: failure.alert === null ? 'without a word' : `with the alert ${failure.alert}`,
          reason: '',
        },
      };
}
