// Whether a client whose stream has ended closed its side or reset the connection.
import type { Socket } from 'node:net';

/**
 * Goes on with the error of a reset, or with nothing. Node gives bytes and a reset that came together as bytes and an
 * end; a write of nothing fails then, and does nothing otherwise. Where more is to be written, that fails by itself.
 */
export function whenEnded(socket: Socket, goOn: (reset?: NodeJS.ErrnoException) => void): void {
  if (!socket.writable || socket.writableLength > 0) goOn();
  else socket.write('', (error) => goOn(error ?? undefined));
}
