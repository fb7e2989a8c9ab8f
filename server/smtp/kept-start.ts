// The start of what a client sends that is carried out nowhere, as much of it as is kept.
import type { Connection } from './connection.ts';
import { showStray } from './show-stray.ts';

const maxKept = 256 * 1024;

export class KeptStart {
  readonly #pieces: Buffer[] = [];
  #length = 0;
  /** So many bytes followed. */
  lost = 0;

  take(bytes: Buffer): void {
    // Nothing more once some are lost: it would stand beside what it did not follow.
    const some = bytes.subarray(0, maxKept - this.#length);
    if (some.length > 0) this.#pieces.push(some);
    this.#length += some.length;
    this.lost += bytes.length - some.length;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  /** Adds it to the record. */
  record(connection: Connection, text: string): void {
    const { recorder } = connection;
    const { bytes } = this;
    if (recorder.phase === 'auth') connection.secretsMayFollow = true;
    if (bytes.length > 0) recorder.raw('raw', 'client', text, showStray(connection, bytes));
    if (this.lost > 0) recorder.lostBytes(`${text}, not kept`, this.lost);
  }
}
