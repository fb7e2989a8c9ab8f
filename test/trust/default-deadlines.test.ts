// R15: who keeps the built program waiting is let go at the deadline that is documented, where nobody set any. Usually the
// short ones are waited for; `--minutes 11` waits for all.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, type ExpectStatic } from 'vitest';
import { usualClocks } from '../../server/http/parts.ts';
import { parseDuration } from '../../shared/units.ts';
import { startMailscope, temporaryFolder, type Folder, type Mailscope } from '../process/mailscope.ts';
import { effort } from './effort.ts';

const documented = (file: string, pattern: RegExp): number =>
  parseDuration(
    pattern.exec(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'))![1]!.replace(' ', ''),
  )!;
const idleMs = documented('README.md', /^\| `--idle-timeout DURATION` \| `(\w+)` \|/m);
const silentTlsMs = documented('server/README.md', /Silence on the TLS port is answered\*\* after (\d+ s)/);
const minuteMs = 60_000;

interface Wait {
  ms: number;
  /** In the order of `startMailscope`; `http` is the web port. */
  listener: 0 | 1 | 2 | 'http';
  say: string[];
  /** Said every ten seconds meanwhile. */
  meanwhile?: string;
  answer: RegExp;
}

const hello = 'EHLO client.test\r\n';
const toData = [hello, 'MAIL FROM:<a@b.test>\r\n', 'RCPT TO:<c@d.test>\r\n', 'DATA\r\n'];
const waits: Record<string, Wait> = {
  'silence on the TLS port': { ms: silentTlsMs, listener: 2, say: [], answer: /^421 4\.7\.0 / },
  'half a ClientHello': { ms: 15_000, listener: 2, say: ['\x16\x03\x01\x02\x00\x01'], answer: /^/ },
  'half a ClientHello after STARTTLS': {
    ...{ ms: 15_000, listener: 1, say: [hello, 'STARTTLS\r\n', '\x16\x03\x01\x02\x00\x01'] },
    answer: /\r\n220 [^\r]*\r\n/,
  },
  'half the headers of a request': {
    ...{
      ms: usualClocks.headersMs,
      listener: 'http',
      say: ['GET /api/status HTTP/1.1\r\nHost: localhost\r\n'],
    },
    answer: /^HTTP\/1\.1 408 /,
  },
  'half the body of a request': {
    ms: usualClocks.requestMs,
    listener: 'http',
    say: [
      'POST /api/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: message/rfc822\r\nContent-Length: 99\r\n\r\nS',
    ],
    answer: /^HTTP\/1\.1 408 /,
  },
  'half a line': { ms: minuteMs, listener: 0, say: [hello, 'MAIL FR'], answer: /421 4\.4\.2 The line/ },
  'silence after EHLO': { ms: idleMs, listener: 0, say: [hello], answer: /421 4\.4\.2 Idle/ },
  'a message of some bytes a second': {
    ...{ ms: 10 * minuteMs, listener: 0, say: toData, meanwhile: 'x\r\n' },
    answer: /421 4\.4\.2 The message came too slowly/,
  },
};

let folder: Folder;
let mailscope: Mailscope;
beforeAll(async () => {
  folder = await temporaryFolder();
  mailscope = await startMailscope(folder.path);
});
afterAll(async () => {
  await mailscope[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Waits for a reply to each line but the last, as far as there is one. */
async function open(
  { listener, say }: Wait,
  own: ExpectStatic,
): Promise<{ socket: Socket; said: () => string }> {
  const port = listener === 'http' ? Number(new URL(mailscope.ready.http).port) : mailscope.ports[listener]!;
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let said = '';
  socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
  await once(socket, 'connect');
  if (listener === 0 || listener === 1) await own.poll(() => said).toMatch(/^220 .*\r\n$/);
  for (const [n, line] of say.entries()) {
    const before = said;
    socket.write(Buffer.from(line, 'latin1'));
    if (n < say.length - 1 || line === hello || line === 'DATA\r\n')
      await own.poll(() => said.slice(before.length)).toMatch(/^\d{3} .*\r\n$/m);
  }
  return { socket, said: () => said };
}

const patienceMs = effort('minutes', 0.3) * minuteMs;
const tried = Object.entries(waits).filter(([, { ms }]) => ms <= patienceMs);

test('at least the short deadlines are waited for', () => {
  expect(tried.length).toBeGreaterThanOrEqual(4);
});

describe.concurrent('where nobody set a deadline, the built program waits', () => {
  test.for(tried)(
    'for %s as long as it says',
    { timeout: 2 * patienceMs + minuteMs },
    async ([, wait], { expect: own }) => {
      const { socket, said } = await open(wait, own);
      const startedAt = performance.now();
      const timer = setInterval(() => wait.meanwhile && socket.write(wait.meanwhile), 10_000);
      await once(socket, 'close').finally(() => clearInterval(timer));
      const tookMs = performance.now() - startedAt;
      own(said()).toMatch(wait.answer);
      own(tookMs).toBeGreaterThan(0.9 * wait.ms);
      // A tenth, and what a busy machine takes.
      own(tookMs).toBeLessThan(1.1 * wait.ms + 3000);
    },
  );
});
