// In place of the built worker that parses: the same, but a message whose subject asks for trouble makes it. Each message
// that it is given is noted in MAILSCOPE_TEST_PARSES.
import { appendFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

const trouble = {
  hangs() {
    for (;;);
  },
  grows() {
    const all = [];
    for (;;) all.push(new Array(1e5).fill({ all }));
  },
  throws() {
    throw new Error('a bug');
  },
  exits: () => process.exit(3),
  kills: () => process.kill(process.pid, 'SIGKILL'),
};

// Before that of the worker.
parentPort.on('message', (bytes) => {
  const [, subject] = /^Subject: (.*?)\r\n/m.exec(Buffer.from(bytes).toString('latin1'));
  appendFileSync(process.env.MAILSCOPE_TEST_PARSES, `${subject}\n`);
  trouble[subject]?.();
});
await import('./good-mail-worker.js');
