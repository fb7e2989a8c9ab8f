// Parsers of what others send: whatever the bytes, they neither throw nor lie about places.
import type { Part } from '../../shared/message.ts';
import { findHeaders } from '../../server/mail/find-headers.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { scanEnvelope } from '../../server/mail/scan-envelope.ts';
import { scanHeader } from '../../server/mail/scan-header.ts';
import { scanStructure } from '../../server/mail/structure.ts';
import { guessFirstBytes } from '../../server/smtp/tls/first-bytes.ts';
import { MessageReader, RecordReader } from '../../server/smtp/tls/record-reader.ts';
import { parseServerHello } from '../../server/smtp/tls/server-hello.ts';
import { makeOddMail } from '../corpus/odd-mail.ts';
import type { Random } from '../search/random.ts';
import { mailFixtureNames, readMailFixture } from '../support/mail-fixture.ts';
import * as make from '../tls/hello-bytes.ts';
import { watchClient } from '../tls/watch-client.ts';
import { mutate, randomBytes } from './budget.ts';
import { cpuNow } from '../support/cpu-time.ts';

const fixtures = mailFixtureNames.map(readMailFixture);
const seen = new Set(['subject', 'to', 'x-tag']);

function checkPlaces(part: Part, end: number): void {
  const { headerOffset, bodyOffset, bodyLength, path } = part;
  if (!(headerOffset >= 0 && bodyOffset >= headerOffset && bodyLength >= 0 && bodyOffset + bodyLength <= end))
    throw new Error(`part ${path} lies at ${headerOffset}, ${bodyOffset} + ${bodyLength} of ${end}`);
  for (const child of part.children) checkPlaces(child, end);
}

export async function fuzzMail(random: Random): Promise<void> {
  const base = random.chance(0.5) ? makeOddMail(random).raw : random.pick(fixtures);
  const raw = random.chance(0.05) ? randomBytes(random, 500) : mutate(random, base, random.pick(fixtures));
  const started = cpuNow();
  scanHeader(raw);
  scanEnvelope(raw);
  findHeaders(raw, seen);
  checkPlaces(scanStructure(raw).root, raw.length);
  const derived = await parseMessage(raw);
  if (!derived.ok) throw new Error(`not parsed: ${derived.problem}`);
  if (/\0|\p{Surrogate}/u.test(JSON.stringify([derived.subject, derived.text, derived.html, derived.from])))
    throw new Error('NUL or half a character was let through');
  const took = cpuNow() - started;
  if (took > 3000) throw new Error(`it took ${took.toFixed(0)} ms: ${raw.toString('base64')}`);
}

const hellos = [
  make.helloMessage(
    [0x1301, 0xc02f],
    [make.serverName('a.test'), make.alpn('smtp'), make.versions(0x0304), make.groups(29, 23)],
  ),
  make.helloMessage([0x2f], null),
  make.helloMessage(
    [0x1301],
    [make.keyShares([29, 32], [23, 65]), make.signatures(0x0403), make.pointFormats(0), make.empty(23)],
  ),
];

export function fuzzTls(random: Random): void {
  const hello = make.record(random.pick(hellos));
  const bytes = random.chance(0.1) ? randomBytes(random, 300) : mutate(random, hello, random.pick(hellos));
  guessFirstBytes(bytes);
  const { clientHello } = watchClient(bytes);
  // The two letters of ALPN are as they were sent.
  if (clientHello && !/^[a-z0-9]{8}[A-Za-z0-9]{2}_[a-z0-9]{12}_[a-z0-9]{12}$/.test(clientHello.ja4))
    throw new Error(`no JA4: ${clientHello.ja4}`);
  parseServerHello(bytes);
  // The same records, however the bytes are cut.
  const read = (sizes: () => number): string[] => {
    const records = new RecordReader();
    const messages = new MessageReader(4096);
    const found: string[] = [];
    for (let at = 0; at < bytes.length;) {
      const size = sizes();
      records.feed(bytes.subarray(at, at + size), ({ type, body }) => {
        found.push(`${type} ${body.toString('hex')}`);
        if (type === 22) messages.feed(body, (message) => found.push(`message ${message.type}`));
      });
      at += size;
    }
    return found;
  };
  const [whole, cut] = [read(() => bytes.length), read(() => 1 + random.below(7))];
  if (whole.join() !== cut.join())
    throw new Error(`cut otherwise, other records come out of ${bytes.toString('hex')}`);
}
