// A running Mailscope makes what is derived of a message anew when its record proves to be damaged, once.
import Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import type { Log } from '../../server/log.ts';
import { startOwnParser } from '../../server/parsing.ts';
import { readParsed } from '../../shared/client/read-parsed.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The folder of a Mailscope that took two mails, the first of which is then changed. */
async function damagedFolder(statements: string): Promise<{ data: string; id: string }> {
  const data = temporaryFolder();
  const sandbox = await startTestSandbox({ data });
  const wire = await sandbox.wire();
  await wire.hello();
  const id = /m_\w+/.exec(await wire.mail('Subject: first\r\n\r\nhello\r\n'))![0];
  await wire.mail('Subject: second\r\n\r\nhello\r\n');
  wire.end();
  await sandbox.closedSession();
  for (const each of (await sandbox.client.listMessages({ query: {} })).items)
    expect((await readParsed(sandbox.client, { params: { id: each.id } }, '20s')).parse).toBe('parsed');
  await sandbox[Symbol.asyncDispose]();
  const db = new Database(join(data, 'mailscope.db'));
  db.exec(statements);
  db.close();
  return { data, id };
}

async function startCounting(data: string) {
  const parser = startOwnParser(null);
  onTestFinished(() => parser[Symbol.asyncDispose]());
  const parsed: string[] = [];
  const errors: string[] = [];
  const say = (): void => {};
  const log: Log = { debug: say, info: say, warn: say, error: (text) => void errors.push(text) };
  const sandbox = await startTestSandbox(
    { data },
    {
      log,
      parser: {
        ...parser,
        parse(bytes, mail) {
          parsed.push(mail?.id ?? '');
          return parser.parse(bytes, mail);
        },
      },
    },
  );
  return { sandbox, parsed, errors };
}

const headers = `UPDATE message_detail SET headers = 'X' || substr(headers, 2) WHERE seq = 1;`;

test('a damaged header is there again without a restart, and was parsed once', async () => {
  const { data, id } = await damagedFolder(headers);
  const { sandbox, parsed, errors } = await startCounting(data);
  await using _ = sandbox;
  const read = () => sandbox.client.readMessage({ params: { id } });
  await expect.poll(async () => (await read()).headers.map(({ name }) => name)).toEqual(['Subject']);
  expect((await read()).problem).toBeNull();
  expect([parsed, errors]).toEqual([[id], []]);
});

test('one of which the source is gone as well is tried once, however often it is read', async () => {
  const { data, id } = await damagedFolder(
    `${headers} UPDATE body SET bytes = NULL, file = 'gone.eml' WHERE seq = 1;`,
  );
  rmSync(join(data, 'parsing.note'), { force: true });
  const { sandbox, parsed, errors } = await startCounting(data);
  await using _ = sandbox;
  const read = () => sandbox.client.readMessage({ params: { id } });
  await expect.poll(async () => ((await read()).problem, errors.length)).toBe(1);
  for (let n = 0; n < 20; n += 1) expect((await read()).problem).toMatch(/the header cannot be read/);
  // Whatever had been asked for is done before this one.
  await using wire = await sandbox.wire();
  await wire.hello();
  const later = /m_\w+/.exec(await wire.mail())![0];
  await expect
    .poll(async () => (await sandbox.client.readMessage({ params: { id: later } })).parse)
    .toBe('parsed');
  expect([parsed, errors]).toEqual([[later], [expect.stringContaining(id)]]);
});
