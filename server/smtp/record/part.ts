// The piece of a session's record that the store appends: taken from the recorder, dropped once it is kept.
import type { Session } from '../../../shared/session.ts';
import type { LinePiece } from './line-log.ts';
import type { Recorder } from './recorder.ts';

export interface TakenPart {
  part: { seq: number; session: Session } & LinePiece;
  /** It is stored: memory lets go of it. */
  kept(): void;
  /** It is not: the next part carries it again. */
  failed(): void;
}

/** Takes what is not yet stored. `part.session.transactions` are those that changed since the part before. */
export function takePart(recorder: Recorder): TakenPart {
  const { log, session, transactions } = recorder;
  session.lines = log.count;
  session.truncated ||= log.truncated;
  const piece = log.take();
  const changed = transactions.take();
  return {
    part: { seq: recorder.seq, session: { ...session, transactions: changed }, ...piece },
    kept: () => log.drop(piece),
    failed() {
      log.restore(piece);
      changed.forEach((transaction) => transactions.changed.add(transaction));
    },
  };
}
