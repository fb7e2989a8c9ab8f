import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkDriver } from '../../server/cli/serve.ts';
import { flagOf, optionNames, options } from '../../server/config/options.ts';
import { version } from '../../server/paths.ts';
import { buildCommand, run } from './command.ts';

let command: string;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => rm(dirname(dirname(command)), { recursive: true }));

test('--help lists every option in its group, and --version prints the version', async () => {
  const help = await run(command, ['--help']).ended;
  expect([help.code, help.err]).toEqual([0, '']);
  for (const name of optionNames) expect(help.out).toContain(`${flagOf(name)} `);
  for (const { group } of Object.values(options)) expect(help.out).toContain(`${group}:\n`);
  for (const word of ['serve', 'send', 'MAILSCOPE_SMTP_PORT', 'mailscope.config.json'])
    expect(help.out).toContain(word);
  expect(help.out).not.toContain('--no-');
  for (const flag of ['--version', '-V'])
    expect(await run(command, [flag]).ended).toMatchObject({ code: 0, out: `${version}\n` });
  for (const args of [
    ['send', '--help'],
    ['help', 'send'],
  ])
    expect((await run(command, args).ended).out).toContain('--sample');
  expect((await run(command, ['help', 'help']).ended).out).toBe(help.out);
  expect((await run(command, ['serve', '--help']).ended).out).toContain('--smtp-port');
});

test('a wrong command line ends with code 2, in three parts, at once', async () => {
  const wrong: [string[], string, string][] = [
    [['--smpt-port', '1'], 'Unknown option --smpt-port.', 'Did you mean --smtp-port?'],
    [['--smtp-port'], '--smtp-port has no value.', 'Write --smtp-port <PORT>.'],
    [['--smtp-port', 'x'], '--smtp-port: "x" cannot be used.', 'Write for example --smtp-port 0.'],
    [['--open=false'], '--open takes no value.', '--no-open'],
    [['--foo'], 'Unknown option --foo.', 'See "mailscope --help".'],
    [['serv'], 'Unknown command serv.', 'Did you mean serve?'],
    [['serve', 'more'], 'There is an argument too many.', '--help'],
    [['help', 'sned'], 'Unknown command sned.', 'Did you mean send?'],
    [
      ['wait', 'to:ann', 'subject:reset'],
      'There is an argument too many.',
      "Put it in quotes: mailscope wait 'to:ann subject:reset'.",
    ],
    [['wait', '-is:read'], 'Unknown option -is:read.', "Write mailscope wait -- '-is:read'."],
    [['export', 'to:ann', '-from="bo"'], 'Unknown option -from.', `mailscope export -- '-from="bo"'`],
    [
      ['wait', '--', '-is:read', 'to:ann'],
      'There is an argument too many.',
      "Put it in quotes: mailscope wait -- '-is:read to:ann'.",
    ],
    [['ready', 'more'], 'There is an argument too many.', 'See "mailscope ready --help".'],
    [['expect'], 'The command line cannot be read.', 'See "mailscope expect --help".'],
    [['--host', '0.0.0.0'], 'Mailscope does not listen on 0.0.0.0 by itself.', '--open'],
    [['--listen', 'x'], 'The listener "x" cannot be used.', 'smtp://127.0.0.1:2587'],
    [['export', '--output', ''], '--output is empty.', 'Give it a path'],
    [['send'], 'There is nothing to send.', '--sample'],
    [['send', '--sample', '--port', 'x'], '--port "x" cannot be used.', '--port 1'],
    [['--data', ':memory:', '--name', ''], '--name: "" cannot be used.', '--name'],
  ];
  await Promise.all(
    wrong.map(async ([args, what, hint]) => {
      const { code, out, err, ms } = await run(command, args).ended;
      expect([code, out], args.join(' ')).toEqual([2, '']);
      expect(err.split('\n')[0]).toBe(`mailscope: ${what}`);
      expect(err.split('\n')[1]).toMatch(/^ {2}Why: \S/);
      expect(err.split('\n')[2]).toContain(hint);
      expect(ms).toBeLessThan(40_000);
    }),
  );
});

test('an option of another command is no switch: it is said whose it is, and what was perhaps meant', async () => {
  const wrong: [string[], string, string][] = [
    [['--port', '1025'], 'an option of mailscope send, sendmail.', 'Did you mean --smtp-port or '],
    [['serve', '--url', 'x'], 'an option of mailscope wait, expect, ', 'See "mailscope serve --help".'],
    [['wait', '--from', 'ann'], 'an option of mailscope send, import.', 'See "mailscope wait --help".'],
    [['send', '--open'], 'an option of mailscope serve.', 'See "mailscope send --help".'],
    [['send', '--smaple'], 'mailscope send has no option of that name.', 'Did you mean --sample?'],
    [['send', '--hlep'], 'mailscope send has no option of that name.', 'Did you mean --help?'],
  ];
  await Promise.all(
    wrong.map(async ([args, why, hint]) => {
      const { code, err } = await run(command, args).ended;
      const flag = args.find((word) => word.startsWith('--'));
      expect([code, err.split('\n')[0]]).toEqual([2, `mailscope: Unknown option ${flag}.`]);
      expect(err.split('\n')[1]).toContain(why);
      expect(err.split('\n')[2]).toContain(hint);
    }),
  );
  expect((await run(command, ['send', '--html=yes']).ended).err).toContain('Do:  Write --html. See');
});

test('terminal escapes in an argument are not printed', async () => {
  const { err } = await run(command, ['--\x1b[2Jx']).ended;
  expect(err).toContain('\\x1b[2Jx');
  expect(err).not.toContain('\x1b');
});

test('what keeps it from starting ends with code 1 and says why and what to do', async () => {
  const { code, err } = await run(command, ['--http-port', '9']).ended;
  expect([code, err]).toEqual([
    1,
    'mailscope: The web port localhost:9 is in use.\n  Why: EADDRINUSE\n  Do:  Take another one.\n',
  ]);
});

test('it tells people where it is and what to do next, and stops at the first signal', async () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const served = run(command, ['--data', ':memory:']);
    await served.says('stops it.');
    expect(served.out()).toMatch(
      /SMTP +127\.0\.0\.1:\d+\n +SMTPS +127\.0\.0\.1:1465\n +Web and API +http:\/\/127\.0\.0\.1:8025\n +Data +in memory/,
    );
    expect(served.out()).toMatch(/send --sample --port \d+/);
    const asked = performance.now();
    served.child.kill(signal);
    expect(await served.ended).toMatchObject({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(6000);
  }
});

test('--ready-json prints one line for programs and nothing else', async () => {
  const served = run(command, ['serve', '--ready-json'], { env: { MAILSCOPE_DATA: ':memory:' } });
  await served.says('\n');
  const ready = JSON.parse(served.out()) as object;
  expect(ready).toEqual({
    event: 'ready',
    smtp: [expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+\?tls=none$/), 'smtps://127.0.0.1:1465'],
    http: 'http://127.0.0.1:8025',
  });
  served.child.kill('SIGTERM');
  expect((await served.ended).out).toBe(`${JSON.stringify(ready)}\n`);
});

test('a mistyped setting of the environment is named; those of others are let be', async () => {
  const env = {
    MAILSCOPE_DATA: ':memory:',
    MAILSCOPE_PASWORD: 'secret',
    MAILSCOPE_URL: 'http://127.0.0.1:8025',
    MAILSCOPE_SERVICE_HOST: '10.0.0.1',
    MAILSCOPE_PORT_1025_TCP: 'tcp://10.0.0.1:1025',
  };
  const served = run(command, ['serve', '--ready-json'], { env });
  await served.says('\n');
  served.child.kill('SIGTERM');
  const { err } = await served.ended;
  expect(err.split('\n').filter((line) => line.includes('MAILSCOPE_'))).toEqual([
    expect.stringMatching(
      /warn {2}MAILSCOPE_PASWORD in the environment is ignored: there is no such setting. Did you mean MAILSCOPE_PASSWORD\?$/,
    ),
  ]);
  expect(err).not.toContain('secret');
});

test('a second signal ends what does not want to stop', async () => {
  const served = run(command, ['--data', 'stuck']);
  await served.says('stops it.');
  served.child.kill('SIGINT');
  await served.says('Stopping');
  served.child.kill('SIGINT');
  expect(await served.ended).toMatchObject({ code: 130 });
});

test('an installed database driver that this Node cannot load is explained before it crashes', () => {
  expect(() => checkDriver(9, '13.2.0', '20.20.0')).toThrow(
    'better-sqlite3 13.2.0 does not run on Node 20.20.0.',
  );
  for (const [api, driver] of [
    [9, '12.9.0'],
    [10, '13.2.0'],
    [9, undefined],
  ] as const)
    expect(() => checkDriver(api, driver, '20.20.0')).not.toThrow();
});
