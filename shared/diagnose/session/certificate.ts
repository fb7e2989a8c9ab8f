// Whether a client left because of our certificate, and why: often it does not say, so the certificate is looked at the
// way the client does it, by date, by name, by issuer.
import { listSomeNames, matchesName } from '../../certificate-names.ts';
import type { Evidence, Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import type { Certificate, TlsHandshake } from '../../tls.ts';
import { absentAfter, atLine, makeFound } from './found.ts';

const certificateAlerts = new Set([
  'no_certificate',
  'bad_certificate',
  'unsupported_certificate',
  'certificate_revoked',
  'certificate_expired',
  'certificate_unknown',
  'unknown_ca',
  'bad_certificate_status_response',
]);

interface Leaving {
  how: string;
  confidence: number;
  /** It may as well be a check of the port, or of the certificate. */
  isDoubtful?: true;
}

/** How surely it was the certificate, as measured with clients; undefined: it was not. */
function leavingOf({ failure, ok, version, resumed, steps }: TlsHandshake): Leaving | undefined {
  if (failure?.alert != null)
    return certificateAlerts.has(failure.alert)
      ? { how: `with the alert ${failure.alert}`, confidence: 0.95 }
      : undefined;
  if (ok) {
    if (resumed) return undefined;
    const how = 'once it was complete, without a command, as a mere check does too';
    return { how, confidence: 0.55, isDoubtful: true };
  }
  // Without a ServerHello it had not seen the certificate; with an answer of its own to that it had taken it.
  if (version === null) return undefined;
  const first = steps.findIndex(({ from }) => from === 'server');
  const hasAnswered = steps.slice(first + 1).some(({ from }) => from === 'client');
  const wasReset = failure?.code !== null;
  if (hasAnswered && wasReset) return undefined;
  return { how: 'without a word', confidence: wasReset ? 0.6 : 0.85 };
}

interface Doubt {
  rule: string;
  field: string;
  vars: Found['vars'];
}

function doubtOf(leaf: Certificate | undefined, sni: string | null, atMs: number): Doubt | undefined {
  if (leaf === undefined) return undefined;
  const { names, validTo, validFrom } = leaf;
  if (Date.parse(validTo) <= atMs) {
    const reason = `expired on ${validTo.slice(0, 10)}`;
    return { rule: 'tls.certificate-expired', field: 'validTo', vars: { reason } };
  }
  if (Date.parse(validFrom) > atMs) {
    const reason = `is valid only from ${validFrom.slice(0, 10)}`;
    return { rule: 'tls.certificate-expired', field: 'validFrom', vars: { reason } };
  }
  if (sni === null || matchesName(names, sni)) return undefined;
  const vars = { asked: sni, names: names.length === 0 ? 'no name at all' : listSomeNames(names) };
  return { rule: 'tls.certificate-name', field: 'names', vars };
}

/** `handshake` is one that the client ended. */
export function findCertificateProblem(
  { openedAtUs }: Pick<Session, 'openedAtUs'>,
  handshake: TlsHandshake,
): Found | undefined {
  const leaving = leavingOf(handshake);
  if (leaving === undefined) return undefined;
  const { line, certificates, sni, failure, mode } = handshake;
  const { how, confidence, isDoubtful } = leaving;
  const leaf = certificates[0];
  const doubt = doubtOf(leaf, sni, openedAtUs / 1000);
  const shown = (field: string): Evidence[] =>
    leaf === undefined ? [] : [{ kind: 'certificate', fingerprint256: leaf.fingerprint256, field }];
  const missed = failure?.alert == null ? [absentAfter(line, 'a command of the client')] : [];
  const evidence = [atLine(line), ...missed, ...shown(doubt?.field ?? 'issuer')];
  // An issuer that is not known is told by its own alert, whatever else there is.
  if (doubt && failure?.alert !== 'unknown_ca')
    return makeFound(doubt.rule, {
      confidence: isDoubtful ? confidence : Math.max(confidence, 0.7),
      evidence,
      ...(isDoubtful && { severity: 'warning' as const }),
      vars: { how, ...doubt.vars },
    });
  const reason = sni === null ? ', and it sent no server name, so it may be for another one' : '';
  if (isDoubtful)
    return makeFound('tls.left-after-handshake', {
      // Mere checks of a port seldom go as far as STARTTLS.
      severity: mode === 'starttls' ? 'warning' : 'notice',
      confidence,
      evidence,
      vars: { reason },
    });
  return makeFound('tls.certificate-rejected', { confidence, evidence, vars: { how, reason } });
}
