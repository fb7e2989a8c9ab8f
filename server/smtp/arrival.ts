// What the gate hands over when a message has wholly arrived, and what it needs to receive one.
import type { Reply, Transaction } from '../../shared/transaction.ts';
import type { Recorder } from './record/recorder.ts';

export interface ArrivedBody {
  size: number;
  head: Buffer;
  bytes: Buffer | null;
  file: string | null;
}

export interface BodyWriter {
  write(chunk: Buffer): Promise<void> | undefined;
  finish(): Promise<ArrivedBody>;
  discard(): void;
}

export interface Arrival {
  id: string;
  receivedAtUs: number;
  transaction: Transaction;
  /** Of the transcript, from MAIL to the content. */
  lines: { first: number; last: number };
  body: ArrivedBody;
  /** Its dots as `StuffedDots` packs them. */
  wire: { dots: Uint8Array; bdat: number[] | null };
  tls: string | null;
  user: string | null;
  recorder: Recorder;
}

export interface Intake {
  createBody(): BodyWriter;
  /** The reply to a MAIL for whose message there is no room; null where there is. */
  noRoomFor(size: number): Reply | null;
  /** Stores what there is of a session's record, so that memory can let go of it. Never rejects. */
  keepRecord(recorder: Recorder): Promise<void>;
  /** Resolves once the message is durable, or with the reply that says why it is not. Never rejects. */
  received(arrival: Arrival): Promise<{ stored: true } | { stored: false; reply: Reply }>;
}
