import { execFile } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DERIVED_VERSION } from '../../server/mail/derived.ts';
import { startParser } from '../../server/mail/parser.ts';
import { type BuiltWorker, buildMailWorker } from '../support/mail-worker.ts';
import { hostileMail } from '../support/hostile-mail.ts';
import { someOf } from '../support/share.ts';
import { readMailFixture } from '../support/mail-fixture.ts';

let built: BuiltWorker;
beforeAll(async () => {
  built = await buildMailWorker();
});
afterAll(() => built[Symbol.asyncDispose]());

const mail = (subject: string): Buffer => Buffer.from(`From: a@x.test\r\nSubject: ${subject}\r\n\r\ntext`);

/** A worker that answers with the subject, except where the subject asks for trouble. */
async function misbehavingWorker(): Promise<string> {
  const file = join(built.folder, 'misbehaving.mjs');
  await writeFile(
    file,
    `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ bytes }) => {
      const subject = /Subject: (\\w+)/.exec(Buffer.from(bytes).toString())[1];
      if (subject === 'hang') for (;;);
      if (subject === 'grow') { const all = []; for (;;) all.push(new Array(1e5).fill({ all })); }
      if (subject === 'throw') throw new Error('a bug');
      if (subject === 'exit') process.exit(3);
      parentPort.postMessage({ subject });
    });
    parentPort.postMessage('ready');`,
  );
  return file;
}

describe('the parser', () => {
  test('parses in order, and leaves the bytes to the caller', async () => {
    await using parser = startParser({ workerFile: built.file });
    const raw = readMailFixture('attachments.eml');
    const before = Buffer.from(raw);
    const answers = [parser.parse(mail('one')), parser.parse(raw), parser.parse(mail('three'))];
    expect(parser.pending).toBe(3);
    const derived = await Promise.all(answers);
    expect(derived.map((one) => one.subject)).toEqual(['one', 'Your order 1234', 'three']);
    expect(derived[1]).toMatchObject({ ok: true, version: DERIVED_VERSION });
    expect(raw.equals(before)).toBe(true);
    expect(parser.pending).toBe(0);
  });

  test('takes what it is given without a copy, and has a new thread after much of it', async () => {
    await using parser = startParser({ workerFile: built.file });
    const large = (subject: string): Buffer =>
      Buffer.concat([mail(subject), Buffer.alloc(12_000_000, 'x'.repeat(70) + '\r\n')]);
    const all = ['one', 'two', 'three'].map(large);
    const derived = await Promise.all(all.map((raw) => parser.parse(raw, { given: true })));
    expect(derived.map(({ subject, problem }) => [subject, problem])).toEqual(
      ['one', 'two', 'three'].map((subject) => [subject, expect.stringContaining('longer than 2 MiB')]),
    );
    expect(all.map(({ length }) => length)).toEqual([0, 0, 0]);
  });

  test('survives hostile mail and parses the next message', { timeout: 120_000 }, async () => {
    await using parser = startParser({ workerFile: pathToFileURL(built.file) });
    for (const { size, make } of someOf(Object.values(hostileMail), 0)) {
      const derived = await parser.parse(make(size));
      expect(derived.version).toBe(DERIVED_VERSION);
    }
    expect(await parser.parse(mail('next'))).toMatchObject({ ok: true, subject: 'next' });
  });

  test('gives up on a message that takes too long, says so, and goes on', async () => {
    await using parser = startParser({ workerFile: await misbehavingWorker(), budgetMs: 300 });
    const [hung, next] = await Promise.all([parser.parse(mail('hang')), parser.parse(mail('next'))]);
    expect(hung).toMatchObject({
      ok: false,
      problem: 'Parsing took longer than 0.3 s and was stopped.',
      subject: 'hang',
      from: [{ address: 'a@x.test' }],
      headers: [],
    });
    expect(next.subject).toBe('next');
  });

  test('of many that are sent together only the one that fails is given up', async () => {
    await using parser = startParser({ workerFile: await misbehavingWorker(), budgetMs: 300 });
    const subjects = ['one', 'throw', 'two', 'three', 'hang', 'four', 'exit', 'five'];
    const derived = await Promise.all(
      subjects.map((subject) => parser.parse(mail(subject), { given: true })),
    );
    expect(derived.map(({ subject, ok }) => (ok === false ? `${subject} failed` : subject))).toEqual([
      ...['one', 'throw failed', 'two', 'three', 'hang failed', 'four', 'exit failed', 'five'],
    ]);
  });

  test('gives each message its own answer, however long the ones before it take', async () => {
    await using parser = startParser({ workerFile: built.file });
    await parser.parse(mail('first'));
    const html = Buffer.from(`Subject: html\r\nContent-Type: text/html\r\n\r\n${'<p>x</p>'.repeat(5000)}`);
    const subjects = Array.from({ length: 40 }, (_, n) => (n % 4 === 0 ? 'html' : `mail ${n}`));
    const derived = await Promise.all(
      subjects.map((subject) => parser.parse(subject === 'html' ? html : mail(subject))),
    );
    expect(derived.map(({ subject }) => subject)).toEqual(subjects);
    expect(derived.map((one) => one.html !== null)).toEqual(subjects.map((subject) => subject === 'html'));
  });

  test('takes what is urgent before what is not, and each in order', async () => {
    await using parser = startParser({ workerFile: built.file });
    const order: string[] = [];
    const parse = (subject: string, urgent: boolean): Promise<unknown> =>
      parser.parse(mail(subject), { urgent }).then((derived) => order.push(derived.subject));
    await Promise.all([
      parse('later', false),
      parse('last', false),
      parse('first', true),
      parse('second', true),
    ]);
    expect(order).toEqual(['first', 'second', 'later', 'last']);
  });

  test(
    'gives up on a message that exhausts the memory, says so, and goes on',
    { timeout: 60_000 },
    async () => {
      await using parser = startParser({ workerFile: await misbehavingWorker(), budgetMs: 30_000 });
      expect(await parser.parse(mail('grow'))).toMatchObject({
        ok: false,
        problem: 'Parsing ran out of memory.',
      });
      expect((await parser.parse(mail('next'))).subject).toBe('next');
    },
  );

  test('reports a bug or an exit of the thread on the message, and goes on', async () => {
    await using parser = startParser({ workerFile: await misbehavingWorker() });
    expect(await parser.parse(mail('throw'))).toMatchObject({ ok: false, problem: 'Parsing failed: a bug' });
    expect(await parser.parse(mail('exit'))).toMatchObject({
      ok: false,
      problem: 'Parsing ended unexpectedly (exit code 3).',
    });
    expect((await parser.parse(mail('next'))).subject).toBe('next');
  });

  test('says for each message when there is no thread to be had', async () => {
    await using parser = startParser({ workerFile: join(built.folder, 'missing.mjs') });
    const answers = await Promise.all([parser.parse(mail('one')), parser.parse(mail('two'))]);
    expect(answers).toMatchObject([
      { ok: false, subject: 'one', problem: expect.stringContaining('missing.mjs') as string },
      { ok: false, subject: 'two', problem: expect.stringContaining('missing.mjs') as string },
    ]);
  });

  test('ends at once and leaves what is pending for the next start', async () => {
    const parser = startParser({ workerFile: await misbehavingWorker() });
    const answers = [parser.parse(mail('hang')), parser.parse(mail('two'))];
    await parser[Symbol.asyncDispose]();
    answers.push(parser.parse(mail('three')));
    for (const derived of await Promise.all(answers))
      expect(derived).toMatchObject({ ok: false, version: 0 });
  });

  test('notes what it parses while it does, and that it parses nothing once it was told to end', async () => {
    const file = join(built.folder, 'note');
    await using note = await open(file, 'w+');
    const parser = startParser({ workerFile: built.file, noteFile: note.fd });
    const noted = async (): Promise<string> => (await readFile(file, 'latin1')).trim();
    await parser.parse(mail('one'), { id: 'm_one' });
    expect(await noted()).toBe('');
    const large = Buffer.concat([mail('large'), Buffer.alloc(12_000_000, 'x'.repeat(70) + '\r\n')]);
    const pending = [1, 2, 3].map(() => parser.parse(large, { id: 'm_large' }));
    await expect.poll(noted, { interval: 1 }).toBe('m_large');
    await parser[Symbol.asyncDispose]();
    await Promise.all(pending);
    expect(await noted()).toBe('');
  });

  test('does not keep the process alive once it is idle', async () => {
    const script = join(built.folder, 'once.mjs');
    await build({
      stdin: {
        contents: `import { startParser } from './server/mail/parser.ts';
          const parser = startParser({ workerFile: ${JSON.stringify(built.file)} });
          const derived = await parser.parse(Buffer.from('Subject: once\\r\\n\\r\\n'));
          console.log(derived.subject);`,
        resolveDir: new URL('../..', import.meta.url).pathname,
      },
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      // iconv-lite is CommonJS and calls require at run time.
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 50_000 });
    expect(stdout).toBe('once\n');
  });
});
