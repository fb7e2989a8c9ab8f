// A message that begins with `From :` (RFC 5322 4.5) is a message for mailscope import, and comes back from export.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mboxEntry } from '../../web/state/mbox-entry.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { useCommand } from './use-command.ts';

const mail = 'From : ann@x.test\nTo: b@x.test\nSubject: odd\n\nFrom : here\n';
const other = `From  \t: ${'x'.repeat(1200)}@x.test\nSubject: long\n\nhi\n`;
const own = useCommand();
const { call } = own;

/** Oldest first, with the line ends of files. */
async function raws({ client }: TestSandbox): Promise<string[]> {
  const { items } = await client.listMessages({ query: {} });
  const all = await Promise.all(items.reverse().map(({ id }) => client.readRaw({ params: { id } })));
  return all.map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'));
}

test('files without an extension, given by name or found in a folder, and standard input', async () => {
  await using sandbox = await startTestSandbox();
  const file = join(own.folder, 'mail');
  await writeFile(file, mail);
  expect(await call(sandbox, ['import', file])).toMatchObject({ code: 0, err: '' });
  expect(await call(sandbox, ['import', '-'], mail)).toMatchObject({ code: 0, err: '' });
  expect(await call(sandbox, ['import', '-'], other)).toMatchObject({ code: 0, err: '' });
  await mkdir(join(own.folder, 'some'));
  await writeFile(join(own.folder, 'some', 'odd'), mail);
  await writeFile(join(own.folder, 'some', 'box'), `From x Mon\n${mail}`);
  expect(await call(sandbox, ['import', join(own.folder, 'some')])).toMatchObject({
    out: '1 imported, 0 not imported, 1 other files left out\n',
  });
  expect(await raws(sandbox)).toEqual([mail, mail, other, mail]);
  const read = await sandbox.client.readMessage({ params: { id: 'latest' } });
  expect(read.from).toMatchObject([{ address: 'ann@x.test' }]);
});

test('an mbox of such messages, by the command or by the page, gives them back', async () => {
  await using sandbox = await startTestSandbox();
  for (const text of [mail, other]) await call(sandbox, ['import', '-'], text);
  const { out } = await call(sandbox, ['export']);
  const rows = [mail, other].map((text) => mboxEntry(undefined, new TextEncoder().encode(text)));
  await using again = await startTestSandbox();
  for (const box of [out, Buffer.concat(rows).toString('latin1')])
    expect(await call(again, ['import', '-'], box)).toMatchObject({ code: 0, err: '' });
  expect(await raws(again)).toEqual([mail, other, mail, other]);
});
