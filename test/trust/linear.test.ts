// S47: twice the input takes about twice the time, for every parser of what others send. Time is that of the processor,
// so that a busy machine does not count.
import { expect, test } from 'vitest';
import { readContent } from '../../server/compat/mailhog/content.ts';
import { parseAddresses } from '../../server/mail/addresses.ts';
import { decodeWords } from '../../server/mail/encoded-words.ts';
import { findHeaders } from '../../server/mail/find-headers.ts';
import { parseParameters } from '../../server/mail/parameters.ts';
import { parseDate } from '../../server/mail/date.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { scanEnvelope } from '../../server/mail/scan-envelope.ts';
import { scanHeader } from '../../server/mail/scan-header.ts';
import { scanStructure } from '../../server/mail/structure.ts';
import { parseSubjectAltName } from '../../server/smtp/tls/certificate-facts.ts';
import { parseSearch, searchLimits } from '../../shared/search/parse-search.ts';
import { hostileMail } from '../support/hostile-mail.ts';

// Where it grows with the square, this is 4.
const allowed = 3;
/** Below this it is the collector of garbage that is measured. */
const smallestMs = 40;

async function processorMs(work: () => unknown): Promise<number> {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/** The best of several tries: noise only ever adds. */
async function ratioOf(make: (size: number) => () => unknown, size: number): Promise<number> {
  let best = Infinity;
  for (let tries = 0; tries < 8 && best > allowed; tries++) {
    const [once, twice] = [make(size), make(2 * size)];
    const first = await processorMs(once);
    const second = await processorMs(twice);
    best = Math.min(best, second < smallestMs ? 0 : second / Math.max(first, smallestMs / 2));
  }
  return best;
}

const ofMessage: Record<string, (raw: Buffer) => unknown> = {
  scanStructure,
  scanHeader,
  scanEnvelope,
  findHeaders: (raw) => findHeaders(raw, new Set(['subject', 'to'])),
  parseMessage,
};

for (const [name, parse] of Object.entries(ofMessage))
  test(`${name} is linear in each hostile message`, { timeout: 300_000 }, async () => {
    const slow: string[] = [];
    for (const [what, { size, make }] of Object.entries(hostileMail)) {
      const ratio = await ratioOf((n) => {
        const raw = make(n);
        return () => parse(raw);
      }, size / 2);
      if (ratio > allowed) slow.push(`${what}: ${ratio.toFixed(2)}`);
    }
    expect(slow).toEqual([]);
  });

const usualLength = 400_000;
/** With the longest text that it reads; a short one is read so often that its time can be measured. */
const ofText: Record<string, { parse: (text: string) => unknown; longest: number }> = {
  parseAddresses: { parse: (text) => parseAddresses(text, 10_000), longest: usualLength },
  decodeWords: { parse: decodeWords, longest: usualLength },
  parseParameters: { parse: parseParameters, longest: usualLength },
  parseDate: { parse: parseDate, longest: usualLength },
  parseSearch: { parse: searchInFull, longest: searchLimits.length },
  parseSubjectAltName: { parse: parseSubjectAltName, longest: usualLength },
  'readContent of MailHog': {
    parse: (text) =>
      readContent(`Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${text}\r\n--b--`),
    longest: usualLength,
  },
};

function searchInFull(text: string): void {
  const parsed = parseSearch(text, 'messages');
  if (!parsed.ok && parsed.errors.some(({ message }) => message.includes('is longer than')))
    throw new Error(`a search of ${text.length} characters was not read`);
}

const repeated = [
  ...[
    'a',
    ' ',
    '\t',
    '(',
    ')',
    '<',
    '>',
    '"',
    '\\',
    ',',
    ';',
    ':',
    '=',
    '@',
    '?',
    '=?',
    '?=',
    '=?utf-8?q?',
    '=?a?b?=',
  ],
  ...[
    'a@b.c,',
    '"a" <',
    '(a) ',
    'a=b;',
    "a*0*=''%41;",
    'name=(',
    '\r\n ',
    '\\"',
    '=?utf-8?b?YQ==?= ',
    'Mon, ',
    '1 ',
    '\r\n',
  ],
];
/** Alone, and within what is read as far as there. */
const places = [(run: string) => run, (run: string) => `text/plain a=b; c=d x=${run}?`];

for (const [name, { parse, longest }] of Object.entries(ofText))
  test(`${name} is linear in whatever is repeated`, { timeout: 120_000 }, async () => {
    const slow: string[] = [];
    for (const piece of repeated)
      for (const [place, put] of places.entries()) {
        const ratio = await ratioOf((n) => {
          const text = put(piece.repeat((n - put('').length) / piece.length));
          return () => {
            for (let length = 0; length < usualLength; length += longest) parse(text);
          };
        }, longest / 2);
        if (ratio > allowed) slow.push(`${JSON.stringify(piece)} in place ${place}: ${ratio.toFixed(2)}`);
      }
    expect(slow).toEqual([]);
  });
