// Run by crash.long.test.ts as a process of its own, to be killed: saves messages and prints each id once it is stored.
import { openStore } from '../../server/store/open.ts';
import { closedSession, mailBytes, sampleLines, sampleMessage, samplePart } from './samples.ts';

const store = await openStore({
  data: process.argv[2] ?? '',
  onEvents: () => undefined,
  onNotice: () => undefined,
});
let seq = store.lastSessionSeq;

async function saveOn(caller: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const size = (n + caller) % 10 === 0 ? 1_500_000 : 10_000;
    const part = { ...samplePart(), seq: (seq += 1) };
    const message = await sampleMessage(store, 'crash', { bytes: mailBytes('crash', size) });
    process.stdout.write(`trying ${message.id}\n`);
    await store.saveMessage(message, part);
    process.stdout.write(`stored ${message.id}\n`);
    if (n % 2 === 0) {
      await store.saveSession({ ...part, session: closedSession(part.session), ...sampleLines(10, 2) }, true);
    }
  }
}

await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(saveOn));
