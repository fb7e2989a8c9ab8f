// The matchers and fixtures, in the runner that runs this.
import { runInNewContext } from 'node:vm';
import { createTransport } from 'nodemailer';
import { expect as plain, onTestFinished, test as base, vi } from 'vitest';
import type { MailMatchers } from '../../server/testing/matchers.ts';
import { mailFixtures as playwrightFixtures } from '../../server/testing/playwright.ts';
import { startSandbox } from '../../server/testing/sandbox.ts';
import { mailFixtures, matchers, type MailFixtures } from '../../server/testing/vitest.ts';

plain.extend(matchers);
type Expecting = MailMatchers & { not: MailMatchers };
const expect = plain as unknown as (value: unknown) => Expecting;

const test = base.extend<MailFixtures>(mailFixtures({ user: ['app:secret'] }));

const mail = {
  from: 'app@shop.test',
  to: 'ann@shop.test',
  cc: 'bob@shop.test',
  subject: 'Reset your password',
  text: 'Your code is 482913. https://shop.test/reset?token=1',
  headers: { 'X-Campaign': 'autumn' },
  attachments: [{ filename: 'terms.txt', content: 'terms' }],
};
const failureOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'It passed.';
};

test('a message is asked for what a reader would look at', async ({ sandbox, mail: inbox }) => {
  await createTransport({ ...sandbox.smtp, auth: { user: 'app', pass: 'secret' } }).sendMail(mail);
  const message = await inbox.waitForMessage('to:ann');
  expect(message).toHaveSubject(/^Reset/);
  expect(message).toHaveSubject(plain.stringContaining('password'));
  expect(message).toBeSentTo('ann@shop.test', 'bob@shop.test');
  expect(message).toHaveHeader('x-campaign', 'autumn');
  expect(message).not.toHaveHeader('List-Unsubscribe');
  expect(message).toHaveText('482913');
  expect(message).toHaveCode('482913');
  expect(message).toHaveLink({ purpose: 'reset', href: /token=1$/ });
  expect(message).toHaveAttachment({ filename: 'terms.txt', size: 5 });
  plain(await failureOf(() => expect(message).toHaveHeader('X-Campaign', 'spring'))).toMatch(
    /^Expected m_\w+ "Reset your password" to ann@shop\.test, bob@shop\.test to have the header X-Campaign: "spring"\. It has:\n {2}X-Campaign: autumn$/,
  );
  plain(await failureOf(() => expect(message).toHaveCode('000000'))).toContain(
    '482913  in "Your code is 482913.',
  );
  plain(await failureOf(() => expect(message).toHaveAttachment('a.pdf'))).toContain(
    'terms.txt  text/plain  5 bytes',
  );
  plain(await failureOf(() => expect(message).not.toHaveLink(/reset/))).toContain(
    'not to have the link /reset/',
  );
});

test('what was received is awaited, and what was not is explained', async ({ sandbox, mail: inbox }) => {
  await expect(inbox).not.toHaveReceived('to:ann');
  const sending = createTransport({ ...sandbox.submission, auth: { user: 'app', pass: 'secret' } }).sendMail(
    mail,
  );
  await expect(inbox).toHaveReceived('to:ann');
  await sending;
  await expect(inbox).toHaveSession('auth:app');
  await expect(inbox).toMeet({
    messages: [{ count: 1 }],
    sessions: [{ tls: { min: 'TLSv1.2' }, user: 'app' }],
  });
  plain(await failureOf(() => expect(inbox).toHaveReceived({ query: 'to:carl', timeout: 50 }))).toContain(
    'to:carl  To is ann@shop.test.',
  );
  plain(await failureOf(() => expect(inbox).not.toHaveReceived('to:ann'))).toContain(
    'A message that matches to:ann came',
  );
  plain(await failureOf(() => expect(inbox).toMeet({ messages: [{ subject: 'x' }], timeout: 50 }))).toContain(
    '1 of 2 conditions did not hold.',
  );
  plain(await failureOf(() => expect(inbox).toHaveReceived('nope:x'))).toBe(
    'There is no operator nope:. Is it code:? To search for the text put it in quotes: "nope:x".',
  );
});

test('a failure tells how sessions failed, with their transcript', async ({ sandbox, mail: inbox }) => {
  const wrong = createTransport({ ...sandbox.smtp, auth: { user: 'app', pass: 'wrong' } }).sendMail(mail);
  await plain(wrong).rejects.toThrow();
  await inbox.waitForSession('outcome:auth-failed');
  const told = await failureOf(() => expect(inbox).toHaveReceived({ timeout: 50 }));
  plain(told).toMatch(/Arrived:\n {2}nothing\n[^]*auth-failed[^]*C: -> AUTH PLAIN \*+[^]*S: <- 535 5\.7\.8/);
  plain(await inbox.explainArrivals()).toMatch(/nothing\n[^]*AUTH PLAIN/);
});

test('an attachment or a link is asked for by what is given, and nothing that is given is passed over', async ({
  sandbox,
  mail: inbox,
}) => {
  await createTransport({ ...sandbox.smtp, auth: { user: 'app', pass: 'secret' } }).sendMail(mail);
  const message = await inbox.waitForMessage('to:ann');
  expect(message).toHaveAttachment(plain.stringContaining('terms'));
  expect(message).not.toHaveAttachment(plain.stringContaining('invoice'));
  expect(message).not.toHaveLink(plain.stringContaining('invoice'));
  const RegExpOfARunner = runInNewContext('RegExp') as typeof RegExp;
  expect(message).not.toHaveAttachment(new RegExpOfARunner('invoice'));
  expect(message).not.toHaveLink(new RegExpOfARunner('invoice'));
  const misspelt = { name: 'terms.txt', url: 'https://shop.test' } as object;
  plain(await failureOf(() => expect(message).toHaveAttachment(misspelt))).toBe(
    'toHaveAttachment knows no name. It takes: filename, contentType, size, sha256.',
  );
  plain(await failureOf(() => expect(message).not.toHaveLink(misspelt))).toBe(
    'toHaveLink knows no name. It takes: href, text, purpose.',
  );
});

test('a mail and its session have no findings, or are told with the reason and what to do', async ({
  sandbox,
  mail: inbox,
}) => {
  const transport = createTransport({ ...sandbox.smtp, auth: { user: 'app', pass: 'secret' } });
  await transport.sendMail(mail);
  const good = await inbox.waitForMessage('to:ann');
  const session = await inbox.waitForSession('NOT outcome:open');
  expect(good).toHaveNoFindings();
  expect(session).toHaveNoFindings();
  await inbox.expect({
    messages: [{ findings: { below: 'warning' } }],
    sessions: [{ findings: { below: 'warning' } }],
  });
  const raw = 'From: app@shop.test\r\nTo: bob@shop.test\r\nSubject: no date\r\n\r\nhello\r\n';
  await transport.sendMail({ envelope: { from: 'app@shop.test', to: ['bob@shop.test'] }, raw });
  const bad = await inbox.waitForMessage('to:bob subject:date');
  const told = await failureOf(() => expect(bad).toHaveNoFindings());
  plain(told).toMatch(/^Expected m_\w+ to have no findings\. It has:\n {2}warning header\.no-date: \S/);
  expect(bad).not.toHaveNoFindings();
  expect(bad).toHaveNoFindings({ worst: 'error' });
  expect(bad).toHaveNoFindings({ except: (bad.findingList ?? []).map(({ rule }) => rule) });
  const running = { ...session, ended: null };
  plain(await failureOf(() => expect(running).not.toHaveNoFindings())).toContain('this one still runs');
  plain(await failureOf(() => expect(inbox).toHaveNoFindings())).toContain('takes a message or a session');
  const misspelt = { wurst: 'notice' } as object;
  plain(await failureOf(() => expect(bad).toHaveNoFindings(misspelt))).toContain('knows no wurst');
});

test('a matcher that is given what it cannot look at says so', async ({ sandbox, mail: inbox }) => {
  await createTransport({ ...sandbox.smtp, auth: { user: 'app', pass: 'secret' } }).sendMail(mail);
  const [summary] = await inbox.waitForMessages('to:ann');
  plain(await failureOf(() => expect(summary).not.toHaveText('nothing'))).toBe(
    'toHaveText takes a message. This is the summary of one: waitForMessage gives it whole.',
  );
  plain(await failureOf(() => expect(inbox.waitForMessage()).toHaveSubject('x'))).toBe(
    'toHaveSubject takes a message. This is a promise: await what gives it first.',
  );
  plain(await failureOf(() => expect(sandbox).toHaveCode())).toBe(
    'toHaveCode takes a message. This is a sandbox or client: its waitForMessage gives one.',
  );
  plain(await failureOf(() => expect(null).toHaveLink('x'))).toBe(
    'toHaveLink takes a message. This is null.',
  );
  const message = await inbox.waitForMessage('to:ann');
  plain(await failureOf(() => expect(message).not.toHaveReceived('to:ann'))).toBe(
    'toHaveReceived takes a sandbox, mail or a client. This is a message.',
  );
});

test('that not so many came can be made sure of', async ({ sandbox, mail: inbox }) => {
  const transport = createTransport({ ...sandbox.smtp, auth: { user: 'app', pass: 'secret' } });
  await transport.sendMail(mail);
  await expect(inbox).not.toHaveReceived({ query: 'to:ann', count: 2 });
  await transport.sendMail(mail);
  plain(await failureOf(() => expect(inbox).not.toHaveReceived({ query: 'to:ann', count: 2 }))).toBe(
    'At least 2 messages came that match to:ann.',
  );
  const tooFew = expect(inbox).toHaveReceived({ query: 'to:ann', count: 3, timeout: 20 });
  plain(await failureOf(() => tooFew)).toMatch(/^2 of 3 messages that match to:ann came within 20 ms\./);
});

base('a test that fails is named before what arrived, of which the newest are shown', async () => {
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => printed.mockRestore());
  const [startFixture] = mailFixtures().sandbox;
  const failed: (() => Promise<void>)[] = [];
  const context = {
    task: { name: 'sign-up' },
    onTestFailed: (work: () => Promise<void>) => failed.push(work),
  };
  await startFixture({}, async (sandbox) => {
    await mailFixtures().mail({ ...context, sandbox }, async (inbox) => {
      await failed[0]!();
      plain(printed.mock.lastCall![0]).toBe('The test "sign-up" failed. Arrived:\n  nothing\n');
      for (let n = 0; n < 21; n++) await inbox.sendSample({ body: {} });
      plain(await inbox.explainArrivals()).toMatch(/^Arrived \(the newest 20\):\n( {2}m_.*\n?){20}$/);
    });
  });
});

base(
  'the fixtures for Playwright use a sandbox of the worker or the one that runs, and attach what arrived',
  async () => {
    const attached: string[] = [];
    const info = {
      status: 'failed',
      expectedStatus: 'passed',
      attach: async (_: string, { body }: { body: string }) => void attached.push(body),
    };
    const started = playwrightFixtures();
    await started.sandbox[0]({}, async (sandbox) => {
      await started.mail({ sandbox }, async (inbox) => void (await inbox.sendSample({ body: {} })), info);
    });
    plain(attached[0]).toMatch(/^Arrived:\n {2}m_/);
    await using running = await startSandbox();
    const given = playwrightFixtures({ url: running.url });
    await given.sandbox[0]({}, async (sandbox) => {
      plain(sandbox).toBeNull();
      await given.mail({ sandbox }, async (inbox) => void (await inbox.sendSample({ body: {} })), {
        ...info,
        status: 'passed',
      });
    });
    for (const options of [
      { password: 'geheim' },
      { token: ['geheimnis-geheimnis-17'] },
      { httpTls: true },
    ]) {
      await using closed = await startSandbox(options);
      for (const fixtures of [
        playwrightFixtures(options),
        playwrightFixtures({ ...options, url: closed.url }),
      ])
        await fixtures.sandbox[0]({}, (sandbox) =>
          fixtures.mail({ sandbox }, async (inbox) => void (await inbox.sendSample({ body: {} })), {
            ...info,
            status: 'passed',
          }),
        );
      plain((await closed.client.readStatus()).messages).toBe(1);
    }
    plain(attached).toHaveLength(1);
    plain((await running.client.readStatus()).messages).toBe(1);
  },
);

base.each([{ password: 'secret' }, { token: ['a-token-that-nobody-guesses'] }, { httpTls: true }])(
  'the fixtures for Playwright reach a sandbox that is started with %o',
  async (options) => {
    const { sandbox: started, mail } = playwrightFixtures(options);
    const info = { status: 'passed', expectedStatus: 'passed', attach: async () => {} };
    await started[0]({}, (sandbox) =>
      mail(
        { sandbox },
        async (inbox) => {
          const { messageId } = await inbox.sendSample({ body: {} });
          plain((await inbox.waitForMessage()).id).toBe(messageId);
        },
        info,
      ),
    );
  },
);
