// The content of mails on its way: what is odd about it as it was sent, and where it got lost. What the bytes of a stored
// message show is told with the message.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import type { EsmtpParameter, Transaction } from '../../transaction.ts';
import { anomalyOf, evidenceOf } from './anomalies.ts';
import { absentAfter, atLine, makeFound } from './found.ts';

const valueOf = (params: readonly EsmtpParameter[], wanted: string): string | undefined =>
  params.find(({ name }) => name.toUpperCase() === wanted)?.value ?? undefined;

export function* findOddContent({ data, from }: Transaction): Generator<Found> {
  if (data === null) return;
  const { eightBit, size, line, smuggling } = data;
  if (eightBit > 0 && !/^(?:8BITMIME|BINARYMIME)$/i.test(valueOf(from.params, 'BODY') ?? ''))
    yield makeFound('data.eight-bit-undeclared', {
      confidence: 0.95,
      evidence: [atLine(from.line), atLine(line)],
      vars: { count: eightBit },
    });
  const declared = Number(valueOf(from.params, 'SIZE') ?? 0);
  if (declared > 0 && Math.abs(declared - size) > Math.max(1024, size * 0.1))
    yield makeFound('data.size-mismatch', {
      confidence: 0.9,
      evidence: [atLine(from.line), atLine(line)],
      vars: { declared, size },
    });
  const sequences = Object.keys(smuggling);
  if (sequences.length > 0)
    yield makeFound('data.smuggling', {
      confidence: 0.95,
      evidence: [atLine(line)],
      vars: { sequences: sequences.join(', ') },
    });
}

/** The sentence of the end says whether content was coming, and whether it looks as if it had ended. */
const content = {
  coming: /while the content of mail \d+ was coming|^The message came too slowly/,
  missedEnd: /; (it holds .+|its last line .+|it ends with a dot .+), but only <CRLF>\.<CRLF> ends it/,
};

/** A time limit of ours ended it while a message came. */
export const isStalled = ({ ended }: Session): boolean =>
  ended?.how === 'timeout' && content.coming.test(ended.text);

function* findCutOff(session: Session, { firstLine, data }: Transaction): Generator<Found> {
  const { ended, lines } = session;
  if (data !== null || ended === null) return;
  const evidence = [absentAfter(Math.max(firstLine, lines - 2), 'the end of the message')];
  const missed = content.missedEnd.exec(ended.text)?.[1];
  if (missed !== undefined)
    yield makeFound('data.never-ended', { confidence: 0.9, evidence, vars: { why: missed } });
  else if (!content.coming.test(ended.text)) return;
  else if (ended.how === 'timeout') yield makeFound('data.stalled', { confidence: 0.8, evidence });
  else if (ended.by !== 'server')
    yield makeFound('data.cut-off', {
      confidence: 0.85,
      evidence,
      vars: { how: ended.how === 'rst' ? 'with a reset' : 'by the client' },
    });
}

function findUnreadReply(session: Session): Found | undefined {
  const lost = anomalyOf(session, 'reply-not-delivered');
  if (!lost || lost.line === null) return undefined;
  const at = lost.line;
  const mail = session.transactions.find(
    ({ outcome, data, lastLine }) =>
      outcome === 'stored' && data !== null && data.line < at && lastLine !== null && lastLine >= at,
  );
  return mail && makeFound('data.reply-not-read', { confidence: 0.95, evidence: [evidenceOf(lost)] });
}

export function* findLostMail(session: Session): Generator<Found> {
  const last = session.transactions.at(-1);
  if (last?.outcome === 'aborted') yield* findCutOff(session, last);
  const unread = session.anomalyList.length > 0 ? findUnreadReply(session) : undefined;
  if (unread) yield unread;
}
