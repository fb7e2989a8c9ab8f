// An answer that is out before all of its request has come: what still comes is read away for a moment. A close while
// bytes lie unread is a reset, which may take the answer with it (RFC 9112 §9.6).
import type { IncomingMessage, ServerResponse } from 'node:http';

const mostMs = 2000;
const mostBytes = 64 * 1024 * 1024;

function readAway(request: IncomingMessage): void {
  const { socket } = request;
  const giveUp = setTimeout(() => socket.destroy(), mostMs);
  socket.once('close', () => clearTimeout(giveUp));
  let left = mostBytes;
  request
    .on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) socket.destroy();
    })
    .once('end', () => socket.destroySoon());
}

/** Node hangs up by `destroySoon` as soon as the last answer of a connection is written. */
function hangUpLater(request: IncomingMessage): void {
  const { socket } = request;
  const hangUp = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    socket.destroySoon = hangUp;
    if (request.complete) return hangUp();
    socket.end();
    readAway(request);
  };
}

/** Listens to the requests of a server. */
export function lingerOverAnswer(request: IncomingMessage, response: ServerResponse): void {
  // Before the listener by which Node hangs up.
  response.prependOnceListener('finish', () => {
    if (!request.complete) hangUpLater(request);
  });
}
