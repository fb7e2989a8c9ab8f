// The same mails and the same calls, as maildev 2.2.1 and 3.0.0 answered them.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { fixture, sendMail, startWithMail } from './support.ts';

interface Recorded {
  call: string;
  body?: unknown;
  status: number;
  type: string | null;
  json?: unknown;
  text?: string;
}

/** maildev sanitises the HTML of a message that was read and stores it so; ours stays as it was sent. */
const unwrapped = (text: string): string =>
  text.replace(/<html><head><\/head><body>(.*?)<\/body><\/html>/gs, '$1');

test.each(['2.2.1', '3.0.0'])('every field is as maildev %s gives it', async (version) => {
  await using sandbox = await startWithMail();
  const recorded = JSON.parse((await fixture(`maildev-${version}.json`)).toString()) as Recorded[];
  const [first, second] = sandbox.ids;
  const host = new URL(sandbox.url).host;
  const status = await sandbox.client.readStatus();
  const fill = (text: string): string =>
    unwrapped(text)
      .replaceAll('{id1}', first!)
      .replaceAll('{id2}', second!)
      .replaceAll('{host}', host)
      .replaceAll('{version}', status.version)
      .replaceAll('"{port}"', version === '2.2.1' ? `"${sandbox.ports[0]}"` : String(sandbox.ports[0]));
  expect(recorded.length).toBeGreaterThan(20);
  for (const { call, body, ...wanted } of recorded) {
    const given = await sandbox.ask(fill(call), body, { 'Content-Type': 'application/json' });
    expect(`${call} ${given.status}`).toBe(`${call} ${wanted.status}`);
    if (wanted.json === undefined) expect(given.text, call).toBe(fill(wanted.text!));
    else {
      expect(given.json, call).toEqual(JSON.parse(fill(JSON.stringify(wanted.json))));
      expect(given.type, call).toBe(wanted.type);
    }
  }
});

test.each(['2.2.1', '3.0.0'])(
  'mails without addresses, text or file names are as maildev %s gives them',
  async (version) => {
    await using sandbox = await startTestSandbox();
    const { mails, answers } = JSON.parse((await fixture('maildev-more.json')).toString()) as {
      mails: { from: string; to: string[]; raw: string }[];
      answers: Record<string, object[]>;
    };
    for (const { from, to, raw } of mails) await sendMail(sandbox, raw, from, to);
    const list = version === '2.2.1' ? '/email' : '/api/email';
    const given = (await (await fetch(sandbox.url + list)).json()) as Record<string, unknown>[];
    // Times and ids are each server's own; maildev stores and sends no Date where there is none.
    const told = given.map(({ id: _id, source: _source, time, ...rest }) => ({
      ...rest,
      ...(String(time).startsWith('2003') ? { time } : {}),
    }));
    expect(told).toEqual(answers[version]!.map((email) => ({ ...email })));
  },
);

test('maildev names groups as its version does, and version 3 tells the parameters of MAIL and RCPT, and has no Bcc but the one it calculates', async () => {
  await using sandbox = await startWithMail();
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const line of [
    'MAIL FROM:<a@x.test> body=8BITMIME ENVID=a+2Bb RET=HDRS',
    'RCPT TO:<a@x.test>',
    'RCPT TO:<c@x.test> NOTIFY=NEVER',
    'RCPT TO:<d@x.test>',
    'DATA',
  ])
    expect(await wire.say(line)).toMatch(/^[23]5/);
  wire.send(
    'To: Friends: Ann <a@x.test>, b@x.test;, "C, c" <c@x.test>, none:;\r\nBcc: d@x.test\r\nSubject: group\r\n\r\nhi\r\n',
  );
  const reply = await wire.say('.');
  expect(reply).toMatch(/^250/);
  const [, , email] = await sandbox.get<Record<string, unknown>[]>('/api/email');
  expect(email).not.toHaveProperty('bcc');
  expect(email).toMatchObject({
    to: [
      { address: '', name: 'Friends' },
      { address: 'c@x.test', name: 'C, c' },
      { address: '', name: 'none' },
    ],
    calculatedBcc: [
      { address: 'a@x.test', name: '' },
      { address: 'd@x.test', name: '' },
    ],
  });
  // As addressparser 1.0.1, which maildev 2 uses, reads it.
  const [, , second] = await sandbox.get<Record<string, unknown>[]>('/email');
  expect(second).toMatchObject({
    to: [
      {
        name: 'Friends',
        group: [
          { address: 'a@x.test', name: 'Ann' },
          { address: 'b@x.test', name: '' },
        ],
      },
      { address: 'c@x.test', name: 'C, c' },
      { name: 'none', group: [] },
    ],
    bcc: [{ address: 'd@x.test', name: '' }],
    calculatedBcc: [
      { address: 'a@x.test', name: '' },
      { address: 'd@x.test', name: '' },
    ],
  });
  expect(email!.envelope).toEqual({
    from: { address: 'a@x.test', args: { BODY: '8BITMIME', ENVID: 'a+b', RET: 'HDRS' } },
    to: [
      { address: 'a@x.test' },
      { address: 'c@x.test', args: { NOTIFY: 'NEVER' } },
      { address: 'd@x.test' },
    ],
  });
  const { items } = await sandbox.get<{ items: object[] }>('/api/email/summary?limit=1&sort=desc');
  expect(items).toHaveLength(1);
  expect((await sandbox.ask(`GET /api/email/${String(email!.id)}/attachment/x`)).json).toEqual({
    error: 'Email has no attachments',
  });
});

test('there is no folder to load mails from, so loading them anew changes nothing', async () => {
  await using sandbox = await startWithMail();
  for (const path of ['/reloadMailsFromDirectory', '/api/reloadMailsFromDirectory'])
    expect(await sandbox.get(path)).toBe(true);
  expect((await sandbox.client.readStatus()).messages).toBe(2);
});

test('the HTML names the attachments where maildev 2 serves them', async () => {
  await using sandbox = await startWithMail();
  const { text, headers } = await sandbox.ask(`GET /email/${sandbox.ids[0]}/html`);
  const [, path] = /src="\/\/[^/]+(\/email\/[^"]+)"/.exec(text)!;
  const image = await fetch(sandbox.url + path);
  expect(image.headers.get('content-type')).toBe('image/png');
  expect((await image.arrayBuffer()).byteLength).toBe(70);
  // The browser must not run what is in it.
  expect(headers.get('content-security-policy')).toContain('sandbox');
});

test('a whole mailbox is listed, oldest first, however large', async () => {
  await using sandbox = await startWithMail();
  const wire = await sandbox.wire();
  await wire.hello();
  for (let n = 0; n < 60; n += 1)
    await wire.mail(`Subject: mail ${n}\r\n\r\ntext\r\n`, 'a@example.com', ['b@example.com']);
  wire.end();
  const subjects = async (path: string): Promise<string[]> =>
    (await sandbox.get<{ subject: string }[]>(path)).map(({ subject }) => subject);
  const all = await subjects('/email');
  expect([all.length, all[1], all[2], all[61]]).toEqual([62, 'plain text', 'mail 0', 'mail 59']);
  expect(await subjects('/api/email?skip=60')).toEqual(['mail 58', 'mail 59']);
  expect(await subjects('/api/email?skip=2&limit=2')).toEqual(['mail 0', 'mail 1']);
  expect(await subjects('/email?envelope.from.address=a@example.com&skip=59')).toEqual(['mail 59']);
  expect(await subjects('/email?constructor.name=Object')).toEqual([]);
});

test('a client that leaves in the middle of a long list holds nothing up', async () => {
  await using sandbox = await startWithMail();
  for (let n = 0; n < 20; n += 1)
    await sendMail(sandbox, `Subject: large ${n}\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(500)}`);
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warn);
  const leave = new AbortController();
  const { body } = await fetch(`${sandbox.url}/email`, { signal: leave.signal });
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) if (chunk.length > 0) break;
  leave.abort();
  expect(await sandbox.get<unknown[]>('/email')).toHaveLength(22);
  process.off('warning', warn);
  expect(warnings).toEqual([]);
});

test('groups in Cc, domains of other letters and when it was received are shown as by each version', async () => {
  await using sandbox = await startWithMail();
  const lines = [
    'Received: from a by b; Sat, 28 Nov 2026 05:00:01 +0000',
    'Received: from c by d',
    ' (x); Sat, 28 Nov 2026 07:00:02 +0100 (CET)',
    'Received: from e by f 10',
    ...['From: <a@xn--bcher-kva.test>', 'To: Bob <bob@xn--bcher-kva.test>', 'Subject: group'],
    ...['Cc: Team: x@b.test, "Y Z" <y@b.test>;, other@b.test', '', 'x', ''],
  ];
  const rcpt = ['bob@xn--bcher-kva.test', 'x@b.test', 'other@b.test', 'hid@b.test'];
  const id = await sendMail(sandbox, lines.join('\r\n'), 'a@example.com', rcpt);
  const none = { name: '' };
  const shown = {
    from: [{ address: 'a@bücher.test', ...none }],
    to: [{ address: 'bob@bücher.test', name: 'Bob' }],
    cc: [
      { address: '', name: 'Team' },
      { address: 'other@b.test', ...none },
    ],
  };
  const three = await sandbox.get<{ envelope: { to: object[] } }>(`/api/email/${id}`);
  expect(three).toMatchObject({
    ...shown,
    calculatedBcc: [
      { address: 'x@b.test', ...none },
      { address: 'hid@b.test', ...none },
    ],
  });
  expect(three.envelope.to[0]).toEqual({ address: 'bob@bücher.test' });
  expect((await sandbox.get<{ items: object[] }>('/api/email/summary?search=group')).items).toMatchObject([
    shown,
  ]);
  expect(await sandbox.get(`/email/${id}`)).toMatchObject({
    from: [{ address: 'a@xn--bcher-kva.test' }],
    cc: [
      { name: 'Team', group: [{ address: 'x@b.test' }, { address: 'y@b.test' }] },
      { address: 'other@b.test' },
    ],
    receivedDate: '2026-11-28T06:00:02.000Z',
  });
});
