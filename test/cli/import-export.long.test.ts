// mailscope import and export, as processes, against a running Mailscope.
import { chmod, mkdir, readFile, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { run } from './command.ts';
import { useCommand } from './use-command.ts';

const own = useCommand();
const { call } = own;

/** Subjects, oldest first. */
async function subjects({ client }: TestSandbox): Promise<string[]> {
  const { items } = await client.listMessages({ query: { limit: 500 } });
  return items.map(({ subject }) => subject).reverse();
}

async function tree(name: string, files: Record<string, string>): Promise<string> {
  const root = join(own.folder, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, 'latin1');
  }
  return root;
}

const mail = (subject: string): string =>
  `From: a@x.test\nTo: b@x.test\nSubject: ${subject}\n\nGr\xfc\xdfe\n`;
const fromLine = 'From ann@x.test Mon Jan  1 00:00:00 2024\n';

test('a folder is searched for message files, mbox files and Maildirs, byte by byte and in order', async () => {
  await using sandbox = await startTestSandbox();
  const root = await tree('tree', {
    'a/2.eml': mail('a2').replaceAll('\n', '\r\n'),
    'a/10.EML': mail('a10'),
    'a/notes.txt': 'Subject: no mail\n',
    'a/.hidden.eml': mail('hidden'),
    'b/box.mbox': `${fromLine}${mail('b1')}\n${fromLine}${mail('b2')}`,
    'b/Inbox': `${fromLine}${mail('b3')}`,
    'c/cur/1700000002.x:2,S': mail('c2'),
    'c/new/1700000001.x': mail('c1'),
    'c/tmp/1700000003.x': mail('unfinished'),
    'c/.Sent/cur/1.x:2,': mail('c sent'),
    'c/.Sent/new/.keep': '',
    'c/dovecot.index': 'binary',
  });
  await symlink(root, join(root, 'a', 'circle'));
  const imported = await call(sandbox, ['import', root]);
  expect(imported).toMatchObject({
    code: 0,
    out: '8 imported, 0 not imported, 1 other files left out\n',
    err: '',
  });
  expect(await subjects(sandbox)).toEqual(['a2', 'a10', 'b1', 'b2', 'b3', 'c1', 'c2', 'c sent']);
  const { items } = await sandbox.client.listMessages({ query: { query: 'subject:a2' } });
  expect(items[0]).toMatchObject({ origin: 'import', mailFrom: 'a@x.test', rcptTo: ['b@x.test'] });
  const raw = await sandbox.client.readRaw({ params: { id: items[0]!.id } });
  expect(Buffer.from(raw).toString('latin1')).toBe(mail('a2').replaceAll('\n', '\r\n'));
});

test('standard input may be a message or an mbox; the envelope and the dialect can be given', async () => {
  await using sandbox = await startTestSandbox();
  const envelope = ['--from', '', '--rcpt', 'x@x.test', '--rcpt', 'y@x.test'];
  expect(await call(sandbox, ['import', '-', ...envelope], mail('one'))).toMatchObject({ code: 0, err: '' });
  const read = await sandbox.client.readMessage({ params: { id: 'latest' } });
  expect([read.mailFrom, read.rcptTo]).toEqual(['', ['x@x.test', 'y@x.test']]);
  const box = `${fromLine}Subject: two\n\n>>From x\n`;
  expect(await call(sandbox, ['import', '-', '--mbox-quoting', 'mboxo', '--quiet'], box)).toMatchObject({
    ...{ code: 0, out: '', err: '' },
  });
  expect((await sandbox.client.readMessage({ params: { id: 'latest' } })).text).toContain('>>From x');
});

test('what cannot be imported is named, and the rest is imported', async () => {
  await using sandbox = await startTestSandbox({ maxSize: '1000' });
  const root = await tree('bad', {
    '1.eml': mail('one'),
    '2.eml': '',
    '3.eml': '\x89PNG\r\n\x1a\n and so on',
    '4.eml': mail('x'.repeat(1000)),
    '5.mbox': `${fromLine}${mail('five')}\n${fromLine}${'y'.repeat(2000)}\n\n${fromLine}${mail('six')}`,
    '6.mbox': 'Subject: no mbox\n\n',
    '7.eml': mail('secret'),
    '8.eml': mail('eight'),
  });
  await chmod(join(root, '7.eml'), 0);
  await mkdir(join(root, 'empty'));
  const missing = join(root, 'nowhere');
  const { code, out, err } = await call(sandbox, ['import', root, missing, join(root, 'empty')]);
  const isRoot = process.getuid?.() === 0;
  expect([code, out]).toEqual([1, `${isRoot ? 5 : 4} imported, ${isRoot ? 7 : 8} not imported\n`]);
  expect(await subjects(sandbox)).toEqual(['one', 'five', 'six', ...(isRoot ? ['secret'] : []), 'eight']);
  for (const said of [
    '2.eml: It is empty.',
    '3.eml: It is no message: it does not begin with a header field.',
    '4.eml: It has 1045 bytes, and Mailscope takes 1000',
    '5.mbox, message 2: It has 2002 bytes',
    '6.mbox: It is no mbox file',
    `${missing}: ENOENT`,
    'empty: There is no mail in this folder.',
  ])
    expect(err).toContain(said);
});

test('a Mailscope that is not there is said at once, with code 3; a wrong call has code 2', async () => {
  const cases: [string[], number, string][] = [
    [['import', 'x.eml', '--url', 'http://127.0.0.1:1'], 3, 'Mailscope does not answer'],
    [['export', '--url', 'http://127.0.0.1:1'], 3, 'Mailscope does not answer'],
    [['import'], 2, 'paths'],
    [['import', 'x', '--url', 'nowhere'], 2, '--url "nowhere" cannot be used.'],
    [['import', 'x', '--format', 'msg'], 2, 'msg'],
    [['export', '--limit', '0'], 2, '--limit "0" cannot be used.'],
    [['export', 'a', 'b'], 2, 'There is an argument too many.'],
  ];
  await Promise.all(
    cases.map(async ([args, exitCode, said]) => {
      const { code, err } = await run(own.command, args).ended;
      expect([args, code]).toEqual([args, exitCode]);
      expect(err).toContain(said);
    }),
  );
});

const raws = async ({ client }: TestSandbox): Promise<string[]> => {
  const { items } = await client.listMessages();
  return Promise.all(
    items.map(async ({ id }) => Buffer.from(await client.readRaw({ params: { id } })).toString('latin1')),
  );
};

test('what is exported as mbox is imported again byte by byte', async () => {
  await using first = await startTestSandbox();
  await using second = await startTestSandbox();
  const wire = await first.wire();
  await wire.hello();
  await wire.mail('Subject: one\r\n\r\nFrom here\r\n>From there\r\n');
  await wire.mail('Subject: two\r\n\r\n');
  wire.end();
  const exported = await call(first, ['export']);
  expect(exported).toMatchObject({ code: 0, err: '2 exported\n' });
  expect(exported.out).toMatch(/^From ann@example\.test \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\n/);
  expect(await call(second, ['import', '-'], exported.out)).toMatchObject({ code: 0, err: '' });
  expect(await raws(second)).toEqual(await raws(first));
  expect((await raws(first))[1]).toContain('\r\n\r\nFrom here\r\n>From there\r\n');
});

test('messages without a header or a body, as programs send them, come back from each kind of export', async () => {
  await using first = await startTestSandbox();
  const sent = ['The disk is full.\r\n', 'Subject: The disk is full.\r\n'];
  for (const bytes of sent) await first.client.storeMessage({ body: new Uint8Array(Buffer.from(bytes)) });
  for (const format of ['mbox', 'eml', 'maildir']) {
    await using second = await startTestSandbox();
    const target = join(own.folder, `bare-${format}${format === 'mbox' ? '' : '/'}`);
    await call(first, ['export', '--format', format, '--output', target]);
    expect(await call(second, ['import', target, '--quiet'])).toMatchObject({ code: 0, out: '', err: '' });
    expect(await raws(second)).toEqual(sent.toReversed());
  }
});

test('files get safe names and are never written over without --force', async () => {
  await using sandbox = await startTestSandbox();
  const raw = (subject: string) => new Uint8Array(Buffer.from(mail(subject), 'latin1'));
  await sandbox.client.storeMessage({ body: raw('../../etc/passwd "Ünï" \\x') });
  const { id } = await sandbox.client.storeMessage({ body: raw('second') });
  const target = join(own.folder, 'out');
  expect(await call(sandbox, ['export', '--output', `${target}/`])).toMatchObject({
    ...{ code: 0, out: '', err: `2 exported to ${target}/\n` },
  });
  const names = (await readdir(target)).sort();
  expect(names).toEqual([
    expect.stringMatching(/^\d{8}T\d{6}Z-\d{8}-etc-passwd-u-ni-x-m_\w+\.eml$/),
    expect.stringMatching(new RegExp(`^\\d{8}T\\d{6}Z-\\d{8}-second-${id}\\.eml$`)),
  ]);
  expect(await readFile(join(target, names[1]!), 'latin1')).toBe(mail('second'));
  await writeFile(join(target, names[1]!), 'mine');
  const again = await call(sandbox, ['export', '--output', target]);
  expect(again).toMatchObject({
    code: 0,
    err: `0 exported to ${target}, 2 were there already (--force writes them again)\n`,
  });
  expect(await readFile(join(target, names[1]!), 'latin1')).toBe('mine');
  await call(sandbox, ['export', 'subject:second', '--output', target, '--force', '--quiet']);
  expect(await readFile(join(target, names[1]!), 'latin1')).toBe(mail('second'));
  const box = join(own.folder, 'all.mbox');
  expect(await call(sandbox, ['export', '--output', box, '--limit', '1'])).toMatchObject({ code: 0 });
  expect(await readFile(box, 'latin1')).toMatch(/^From a@x\.test .*\nFrom: a@x\.test\n[^]*Subject: second\n/);
  expect(await call(sandbox, ['export', '--output', box])).toMatchObject({
    code: 1,
    err: `mailscope: ${box} exists.\n  Do:  Give another --output, or --force.\n`,
  });
  expect(await call(sandbox, ['export', '--output', box, '--force'])).toMatchObject({ code: 0 });
  expect((await readFile(box, 'latin1')).match(/^From a@/gm)).toHaveLength(2);
  await call(sandbox, ['export', '--format=mbox', '--output', target, '--force']);
  expect((await readdir(own.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);

  const one = await call(sandbox, ['export', 'subject:second', '--format', 'eml']);
  expect([one.code, one.out.startsWith('From: a@x.test\n')]).toEqual([0, true]);
  expect(await call(sandbox, ['export', '--format', 'eml'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('2 messages match'),
  });
  expect(await call(sandbox, ['export', 'subjekt:x'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is no operator subjekt:'),
  });
});

test('messages of one second come back from message files in the order in which they came', async () => {
  await using first = await startTestSandbox();
  const order = ['gamma', 'alpha', 'delta', 'beta'];
  for (const subject of order)
    await first.client.storeMessage({ body: new Uint8Array(Buffer.from(mail(subject), 'latin1')) });
  const target = `${join(own.folder, 'one-second')}/`;
  await call(first, ['export', target, '--quiet']);
  await using second = await startTestSandbox();
  expect(await call(second, ['import', target, '--quiet'])).toMatchObject({ code: 0, err: '' });
  expect(await subjects(second)).toEqual(order);
});

test('a folder in the place of a search is where all messages go, as message files', async () => {
  await using sandbox = await startTestSandbox();
  const store = (subject: string) =>
    sandbox.client.storeMessage({ body: new Uint8Array(Buffer.from(mail(subject), 'latin1')) });
  await store('first');
  await store('second');
  const existing = await tree('place', {});
  await mkdir(existing);
  for (const place of [existing, `${join(own.folder, 'made-by-export')}/`]) {
    expect(await call(sandbox, ['export', place])).toMatchObject({
      ...{ code: 0, out: '', err: `2 exported to ${place}\n` },
    });
    expect(await readdir(place)).toEqual([
      expect.stringMatching(/-first-m_\w+\.eml$/),
      expect.stringMatching(/-second-m_\w+\.eml$/),
    ]);
  }
  const box = join(own.folder, 'place.mbox');
  expect(await call(sandbox, ['export', box])).toMatchObject({ code: 0, err: `2 exported to ${box}\n` });
  expect((await readFile(box, 'latin1')).match(/^From a@/gm)).toHaveLength(2);
  // With --output it is a search, whatever there is of that name.
  const searched = await call(sandbox, ['export', 'subject:first', '--output', '-', '--format', 'eml']);
  expect(searched).toMatchObject({ code: 0, out: expect.stringContaining('Subject: first\n') });
});

test('an export of nothing says so: a search without a match with code 1, an empty Mailscope with 0', async () => {
  await using sandbox = await startTestSandbox();
  const box = join(own.folder, 'nothing.mbox');
  expect(await call(sandbox, ['export', '--output', box])).toMatchObject({
    ...{ code: 0, out: '', err: `0 exported to ${box}: Mailscope has no messages\n` },
  });
  await sandbox.client.storeMessage({ body: new Uint8Array(Buffer.from(mail('one'), 'latin1')) });
  expect(await call(sandbox, ['export', 'out-folder'])).toMatchObject({
    code: 1,
    out: '',
    err:
      'mailscope: No message matches the search out-folder, so nothing is exported.\n' +
      '  Do:  If it is to be a folder: mailscope export --output out-folder/\n',
  });
  const target = join(own.folder, 'never-made');
  const missed = await call(sandbox, ['export', 'subject:two', '--output', `${target}/`, '--quiet']);
  expect(missed).toMatchObject({ code: 1, err: expect.stringContaining('search subject:two,') });
  expect(await readdir(own.folder)).not.toContain('never-made');
});

test('a Maildir tells what was read and pinned, keeps what a mail program did, and is imported again', async () => {
  await using sandbox = await startTestSandbox();
  await using second = await startTestSandbox();
  const ids: string[] = [];
  for (const subject of ['unread', 'read', 'pinned'])
    ids.push(
      (await sandbox.client.storeMessage({ body: new Uint8Array(Buffer.from(mail(subject), 'latin1')) })).id,
    );
  await sandbox.client.changeMessage({ params: { id: ids[1]! }, body: { read: true } });
  await sandbox.client.changeMessage({ params: { id: ids[2]! }, body: { read: true, pinned: true } });
  const box = join(own.folder, 'Maildir');
  const args = ['export', '--format', 'maildir', '--output', box];
  expect(await call(sandbox, args)).toMatchObject({ code: 0, err: `3 exported to ${box}\n` });
  const list = async (name: string) => (await readdir(join(box, name))).sort();
  expect(await list('tmp')).toEqual([]);
  const [fresh] = await list('new');
  expect(fresh).toMatch(new RegExp(`^\\d{10}\\.M\\d{6}Q1R${ids[0]}\\.mailscope$`));
  expect(await list('cur')).toEqual([
    expect.stringMatching(new RegExp(`Q2R${ids[1]}\\.mailscope:2,S$`)),
    expect.stringMatching(new RegExp(`Q3R${ids[2]}\\.mailscope:2,FS$`)),
  ]);
  expect(await readFile(join(box, 'new', fresh!), 'latin1')).toBe(mail('unread'));
  // A mail program moves what it has seen.
  await rename(join(box, 'new', fresh!), join(box, 'cur', `${fresh}:2,RS`));
  expect((await call(sandbox, args)).err).toBe(
    `0 exported to ${box}, 3 were there already (--force writes them again)\n`,
  );
  expect(await call(sandbox, [...args, '--force'])).toMatchObject({ code: 0, err: `3 exported to ${box}\n` });
  expect([(await list('new')).length, (await list('cur')).length]).toEqual([0, 3]);
  expect(await call(second, ['import', box])).toMatchObject({ code: 0 });
  expect(await subjects(second)).toEqual(['unread', 'read', 'pinned']);
  expect(await call(sandbox, ['export', '--format', 'maildir'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('Give --output FOLDER.'),
  });
});
