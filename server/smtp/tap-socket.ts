// The client's socket as a Duplex that shows every byte to a watcher and changes none. TLS runs on top of it, so
// that the records of the handshake are seen; in clear the socket itself is read and written.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { whenEnded } from './when-ended.ts';

export type Tap = (from: 'client' | 'server', bytes: Buffer) => void;

export class TapSocket extends Duplex {
  readonly socket: Socket;
  tap: Tap | undefined;

  /** The socket is paused, and may have ended or failed by now. */
  constructor(socket: Socket, tap: Tap) {
    super({ allowHalfOpen: true, autoDestroy: false, emitClose: true });
    this.socket = socket;
    this.tap = tap;
    this.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      this.tap?.('client', bytes);
      if (!this.push(bytes)) socket.pause();
    });
    const onEnd = (): void =>
      whenEnded(socket, (reset) => void (reset ? this.destroy(reset) : this.push(null)));
    socket.on('end', onEnd);
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    if (socket.readableEnded) onEnd();
    if (socket.destroyed) this.destroy(socket.errored ?? undefined);
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.tap?.('server', bytes);
    // Not the callback of write(): it waits for the kernel to take everything, drain comes soon enough.
    if (this.socket.destroyed || !this.socket.writable) done(new Error('the socket is closed'));
    else if (this.socket.write(bytes)) done();
    else this.#whenDrained(done);
  }

  override _writev(parts: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.socket.cork();
    for (const { chunk } of parts.slice(0, -1)) {
      this.tap?.('server', chunk);
      this.socket.write(chunk);
    }
    this._write(parts.at(-1)!.chunk, 'buffer', done);
    this.socket.uncork();
  }

  #whenDrained(done: () => void): void {
    const finish = (): void => {
      this.socket.off('drain', finish).off('close', finish);
      done();
    };
    this.socket.on('drain', finish).on('close', finish);
  }

  override _final(done: () => void): void {
    if (this.socket.destroyed) done();
    else this.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}
