// A wait that was not met, as an error that says what came instead.
import { MailscopeError } from '../../shared/errors.ts';
import type { WaitFailure } from '../../shared/wait.ts';

export type WaitKind = 'message' | 'session';

interface Asked {
  search: { text: string };
  after: string | undefined;
  count: number;
  timeoutMs: number;
  none: boolean;
}

const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);
const counted = (n: number, kind: string): string => `${n} ${kind}${n === 1 ? '' : 's'}`;

/** The nearest, else what arrived, else what failed: the first is most often why. */
function hintOf(kind: WaitKind, { misses, arrived, failedSessions }: WaitFailure): string {
  const sentences: string[] = [];
  const [near] = misses;
  if (near) {
    const why = near.pending
      ? 'It is not complete yet.'
      : near.failed.map(({ term, text }) => `${term}: ${text}`).join(' ');
    sentences.push(`Nearest is ${near.id}, ${near.title}: ${near.held} of ${near.of} held. ${why}`);
  } else if (arrived.length === 0) sentences.push(`No ${kind} came at all.`);
  const [failed] = failedSessions;
  if (failed && kind === 'message')
    sentences.push(
      `${counted(failedSessions.length, 'session')} failed, the last one ${failed.id}: ${failed.text}`,
    );
  return sentences.join(' ').slice(0, 2000) || 'See details.';
}

export function explainFailure(kind: WaitKind, ask: Asked, failure: WaitFailure): MailscopeError {
  const verb = ask.count === 1 ? 'matches' : 'match';
  const which = ask.search.text === '' ? '' : ` that ${verb} ${ask.search.text}`;
  const details = failure;
  const [unexpected] = failure.arrived.filter(({ id }) => failure.items.some((item) => item.id === id));
  if (ask.none && failure.items.length > 0) {
    const code = kind === 'message' ? 'unexpected_message' : 'unexpected_session';
    const first = unexpected ?? { id: failure.items[0]!.id, title: '' };
    return new MailscopeError(code, `A ${kind}${which} came: ${first.id} ${first.title}`.trim(), {
      hint: ask.after === undefined ? 'Give `after` where it is one from before the test.' : null,
      details,
    });
  }
  if (ask.none)
    return new MailscopeError('wait_timed_out', `It cannot be told whether a ${kind}${which} came.`, {
      hint: 'One that arrived is not parsed yet. Wait again.',
      details,
    });
  const what =
    ask.count === 1 ? `No ${kind}${which}` : `${failure.items.length} of ${counted(ask.count, kind)}${which}`;
  return new MailscopeError('wait_timed_out', `${what} came within ${seconds(ask.timeoutMs)}.`, {
    hint: hintOf(kind, failure),
    details,
  });
}
