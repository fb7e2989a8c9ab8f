// The sessions that are still open, as the HTTP side sees them, and what watchers of them are told.
import type { Session, SessionSummary } from '../shared/session.ts';
import { summaryOf } from '../shared/session-summary.ts';
import type { TranscriptChunk, TranscriptLine } from '../shared/transcript.ts';
import type { Events } from './events.ts';
import type { Recorder, RecorderWatch } from './smtp/record/recorder.ts';

interface Open {
  recorder: Recorder;
  socket: { bytesRead: number; bytesWritten: number };
}

/** The facts as they are now; bytes are only added up at the end. */
const current = ({ recorder, socket }: Open): Session => ({
  ...recorder.session,
  bytesIn: socket.bytesRead,
  bytesOut: socket.bytesWritten,
  lines: recorder.log.count,
});

export interface RunningSession {
  session: Session;
  codes: number[];
  lines: TranscriptLine[];
  chunks: TranscriptChunk[];
  blob(line: number): Buffer | undefined;
}

/** Newest first, read from the connections of the SMTP side. `place` says of a session to which inboxes it belongs by now. */
export function createRunning(
  connections: () => Iterable<Open>,
  place: (recorder: Recorder) => void,
): {
  list(): SessionSummary[];
  find(id: string): RunningSession | undefined;
} {
  return {
    list: () =>
      [...connections()]
        .sort((a, b) => b.recorder.seq - a.recorder.seq)
        .map((open) => {
          place(open.recorder);
          return summaryOf(current(open));
        }),
    find(id) {
      for (const open of connections()) {
        const { recorder } = open;
        if (recorder.session.id !== id) continue;
        place(recorder);
        const { lines, chunks, blobs } = recorder.log.read(0);
        return {
          session: current(open),
          codes: [...recorder.codes],
          lines,
          chunks,
          blob: (line) => blobs.find((entry) => entry.line === line)?.bytes,
        };
      }
      return undefined;
    },
  };
}

/** A list row need not follow a session faster than an eye. */
const updateEveryMs = 150;

/** Passes what recorders say on to those who listen, and costs nothing while nobody does. */
export function createWatch(events: Events, place: (recorder: Recorder) => void): RecorderWatch {
  const changed = new Set<Recorder>();
  const tell = (): void => {
    for (const recorder of changed) {
      if (recorder.session.ended) continue;
      place(recorder);
      events.emit('session:updated', { session: summaryOf(recorder.session) });
    }
    changed.clear();
  };
  return {
    onLines(recorder, line) {
      if (events.heard('session:lines'))
        events.emit('session:lines', { sessionId: recorder.session.id, lines: [line] });
    },
    onFacts(recorder) {
      if (recorder.session.ended || !events.heard('session:updated')) return;
      if (changed.size === 0) setTimeout(tell, updateEveryMs).unref();
      changed.add(recorder);
    },
    // Rules keep apart what they find in the mail of several inboxes.
    onEnd: place,
  };
}
