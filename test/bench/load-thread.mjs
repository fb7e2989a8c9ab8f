// A thread that sends mail; see load-threads.mjs.
import { parentPort } from 'node:worker_threads';
import { openFast } from './fast-smtp.mjs';

let lanes = [];

/** Kept connections are opened, and their TLS made, before the clock runs. */
async function open({ port, tls, count, keep }) {
  lanes = keep ? await Promise.all(Array.from({ length: count }, () => openFast({ port, tls }))) : [];
}

async function send({ port, tls, count, keep, messages, wire }) {
  let left = messages;
  const bytes = Buffer.from(wire.buffer, wire.byteOffset, wire.byteLength);
  const lane = async (kept) => {
    while (left-- > 0) {
      const client = kept ?? (await openFast({ port, tls }));
      await client.send(bytes);
      if (!kept) await client.quit();
    }
  };
  await Promise.all(keep ? lanes.map(lane) : Array.from({ length: count }, () => lane(null)));
}

parentPort.on('message', async ({ what, ...input }) => {
  try {
    if (what === 'open') await open(input);
    else if (what === 'send') await send(input);
    else for (const client of lanes) client.close();
    parentPort.postMessage({ done: what });
    if (what === 'close') parentPort.close();
  } catch (error) {
    parentPort.postMessage({ failed: error.message });
  }
});
