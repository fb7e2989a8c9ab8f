// Where the evidence lies of what ended a session, or never came: the page jumps to the very line.
import { describe, expect, test } from 'vitest';
import type { Found } from '../../shared/finding.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { leaves, sent } from './groups.ts';
import type { Settings, Talk } from './talk.ts';

type Place = [does: string, talk: Talk, rule: string, lines: (string | null)[], port?: number];

const usual: Place[] = [
  [
    'has its EHLO refused',
    async (wire) => (await wire.reply(), await wire.say('EHLO'), wire.quit()),
    'ehlo.refused',
    ['EHLO'],
  ],
  [
    'leaves in the middle of a message',
    leaves(sent('Subject: a\r\n\r\nhel')),
    'data.cut-off',
    ['message cut off after 17 bytes, not stored'],
  ],
  ['leaves at the greeting', leaves((wire) => wire.reply()), 'connect.port-probe', ['ESMTP Mailscope']],
  ['leaves before a greeting', async (wire) => wire.end(), 'connect.port-probe', [null], 2],
];

const short: Place[] = [
  [
    'says nothing more',
    async (wire) => (await wire.hello(), wire.closed()),
    'connect.idle',
    ['250 AUTH PLAIN LOGIN'],
  ],
  [
    'waits for a greeting inside TLS',
    (wire) => wire.closed(),
    'tls.plain-on-implicit',
    [null, '421 4.7.0 This port expects TLS from the first byte (implicit TLS)'],
    2,
  ],
];

const full: Place[] = [
  [
    'is one too many',
    (wire) => wire.closed(),
    'connect.too-many',
    ['421 4.7.0 Too many connections, try again later (limit: --max-connections)'],
  ],
  [
    'is one too many where TLS is due',
    (wire) => wire.closed(),
    'connect.too-many',
    ['There were too many connections (--max-connections).'],
    2,
  ],
];

const places: [name: string, all: Place[], ...settings: Settings][] = [
  ['where all is as usual', usual],
  ['where time limits are short', short, {}, { limits: { idleMs: 300, silentTlsMs: 100 } }],
  ['where nobody is let in', full, { maxConnections: '0' }],
];

describe.each(places)('%s', (_name, all, ...settings) => {
  test.each(all)('of a client that %s', async (_does, talk, rule, lines, port = 0) => {
    await using sandbox = await startTestSandbox(...settings);
    await using wire = await sandbox.wire(port);
    await talk(wire);
    const session = await sandbox.closedSession();
    const transcript = await sandbox.lines(session.id);
    const textAt = (n: number | null): string | null => (n === null ? null : transcript[n]!.text);
    const shown = (one: Found['evidence'][number]): string | null | undefined =>
      one.kind === 'line' ? textAt(one.n) : one.kind === 'absence' ? textAt(one.after) : undefined;
    const found = session.findingList!.find((one) => one.rule === rule)!;
    expect(found.evidence.map(shown)).toEqual(lines.map((text) => text && expect.stringContaining(text)));
    expect(session.lines).toBe(transcript.length);
  });
});
