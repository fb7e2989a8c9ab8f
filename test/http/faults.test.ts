// Rules of simulated failures over the API: made, changed and deleted, and what is refused.
import { expect, test } from 'vitest';
import { connect } from '../../shared/client/client.ts';
import { openLive } from '../../shared/client/live.ts';
import type { DurableEvent } from '../../shared/events.ts';
import type { ErrorBody } from '../../shared/errors.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

const full = { code: 452, enhanced: '4.2.2', text: 'Mailbox full' };

async function refusal(
  sandbox: TestSandbox,
  path: string,
  body: unknown,
  method = 'POST',
): Promise<ErrorBody['error'] & { status: number }> {
  const answer = await fetch(sandbox.url + path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, ...((await answer.json()) as ErrorBody).error };
}

test('a rule has what is given of it, and all else as usual', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const made = await client.createFault({ body: { stage: 'rcpt', when: { to: 'full@*' }, reply: full } });
  expect(made).toEqual({
    id: expect.stringMatching(/^f_\w{26}$/) as string,
    name: null,
    enabled: true,
    stage: 'rcpt',
    when: { to: ['full@*'] },
    times: { skip: 0, every: 1, chance: 100, count: null, seed: 1, per: 'rule' },
    delay: 0,
    reply: full,
    then: 'continue',
    afterBytes: null,
    without: [],
    text: 'RCPT TO is answered 452 4.2.2 Mailbox full where RCPT TO is full@*.',
    source: 'api',
    createdAt: expect.any(String) as string,
    applied: 0,
    appliedAt: null,
  });
  expect(await client.readFault({ params: { id: made.id } })).toEqual(made);
  expect((await client.listFaults()).items).toEqual([made]);
  const greetings = [
    { reply: { code: 554 } },
    { delay: '2s' },
    { delay: '2s', reply: { code: 421 } },
    { then: 'reset' as const },
  ];
  const ends = [];
  for (const more of greetings)
    ends.push((await client.createFault({ body: { stage: 'connect', ...more } })).then);
  // A greeting that only comes late is still one.
  expect(ends).toEqual(['close', 'continue', 'close', 'reset']);
});

test('a preset is taken with its words, and what is given beside it takes their place', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const { items } = await client.listFaultPresets();
  const preset = items.find(({ name }) => name === 'generic/greylist')!;
  const made = await client.createFault({ body: { preset: preset.name } });
  expect(made).toMatchObject({ name: preset.title, stage: preset.stage, reply: preset.reply });
  expect(made.times).toMatchObject({ skip: 0, count: 1, per: 'triplet' });
  const other = await client.createFault({
    body: { preset: preset.name, name: 'mine', times: { count: 3 }, when: { to: ['a@*', 'b@*'] } },
  });
  expect(other).toMatchObject({ name: 'mine', reply: preset.reply, when: { to: ['a@*', 'b@*'] } });
  expect(other.times).toMatchObject({ count: 3, per: 'rule' });
});

test('a change takes the place of the fields that it gives, and the whole is judged again', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const { id } = await client.createFault({ body: { stage: 'rcpt', when: { to: 'a@*' }, reply: full } });
  const other = await client.createFault({ body: { stage: 'quit', then: 'reset' } });
  const changed = await client.changeFault({ params: { id }, body: { enabled: false, delay: '1s' } });
  expect(changed).toMatchObject({ enabled: false, delay: 1000, when: { to: ['a@*'] }, reply: full });
  expect(changed.text).toContain('after 1 s');
  // It keeps its place.
  expect((await client.listFaults()).items).toEqual([changed, other]);
  const refused = await refusal(sandbox, `/api/faults/${id}`, { stage: 'mail' }, 'PATCH');
  expect(refused).toMatchObject({
    status: 400,
    code: 'invalid_request',
    message: 'body.when.to: is not known yet at the stage mail',
    details: [{ path: 'body.when.to', problem: 'is not known yet at the stage mail' }],
  });
  expect(await client.readFault({ params: { id } })).toEqual(changed);
});

test('what cannot be taken is refused with its field and a next step', async () => {
  await using sandbox = await startTestSandbox();
  const cases: [body: unknown, path: string, problem: RegExp][] = [
    [{}, 'body.stage', /^is missing; without a preset it must be one of connect, /],
    [{ stage: 'rcpt' }, 'body.reply', /^nothing would happen/],
    [{ stage: 'tls', reply: full }, 'body.reply', /within a TLS handshake/],
    [{ stage: 'bounce' }, 'body.reply', /^says why/],
    [{ stage: 'bounce', reply: full, then: 'close' }, 'body.then', /^cannot be close/],
    [{ stage: 'rcpt', without: ['SIZE'], reply: full }, 'body.without', /^is for the stage ehlo/],
    [{ stage: 'data', afterBytes: 10 }, 'body.afterBytes', /^is for the stage data with close/],
    [{ stage: 'mail', when: { from: 'a@*' }, times: { per: 'to' }, delay: 5 }, 'body.times.per', /^is not/],
    [{ stage: 'rcpt', delay: '11m' }, 'body.delay', /at most 10m/],
    [{ stage: 'rcpt', reply: { code: 250 } }, 'body.reply.code', /400/],
    [{ stage: 'rcpt', reply: { code: 550, enhanced: '4.1.1' } }, 'body.reply', /RFC 2034/],
    [{ stage: 'rcpt', reply: { code: 550, text: 'a\r\nb' } }, 'body.reply.text', /control characters/],
    [{ stage: 'rcpt', reply: full, wen: {} }, 'body.wen', /^is not known$/],
    [{ stage: 'rcpt', when: { to: [] } }, 'body.when.to', /^needs at least one$/],
    [{ stage: 'rcpt', name: ' ' }, 'body.name', /^must not be empty/],
    [{ preset: 'generic/mailbox-ful' }, 'body.preset', /^there is no preset/],
  ];
  for (const [body, path, problem] of cases) {
    const { status, code, details } = await refusal(sandbox, '/api/faults', body);
    const [first] = details as { path: string; problem: string }[];
    expect([status, code, first?.path], JSON.stringify(body)).toEqual([400, 'invalid_request', path]);
    expect(first?.problem).toMatch(problem);
  }
  const { hint } = await refusal(sandbox, '/api/faults', { preset: 'gmial/mailbox-full' });
  expect(hint).toMatch(/^Did you mean generic\/mailbox-full\b.*GET \/api\/faults\/presets lists them\.$/);
  expect((await sandbox.client.listFaults()).items).toEqual([]);
});

test('rules are deleted alone, by their ids, or all', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const make = async () => (await client.createFault({ body: { stage: 'quit', then: 'reset' } })).id;
  const ids = [await make(), await make(), await make(), await make()];
  expect(await client.deleteFault({ params: { id: ids[0]! } })).toEqual({ count: 1 });
  await expect(client.deleteFault({ params: { id: ids[0]! } })).rejects.toMatchObject({ code: 'not_found' });
  // One that is gone already is as it was asked for.
  expect(await client.deleteFaults({ body: { ids: ids.slice(0, 2) } })).toEqual({ count: 1 });
  expect(await client.deleteFaults({ body: { all: true } })).toEqual({ count: 2 });
  expect((await client.listFaults()).items).toEqual([]);
});

test('a rule of the configuration is tried first, and stays as it is there', async () => {
  const rule = { stage: 'data', reply: { code: 451 }, name: 'from the file' };
  await using sandbox = await startTestSandbox({ fault: ['generic/mailbox-full', JSON.stringify(rule)] });
  const { client } = sandbox;
  await client.createFault({ body: { stage: 'quit', then: 'reset' } });
  const { items } = await client.listFaults();
  expect(items.map(({ source, stage }) => [source, stage])).toEqual([
    ['config', 'rcpt'],
    ['config', 'data'],
    ['api', 'quit'],
  ]);
  const params = { id: items[1]!.id };
  for (const change of [
    () => client.changeFault({ params, body: { enabled: false } }),
    () => client.deleteFault({ params }),
    () => client.deleteFaults({ body: { ids: [items[2]!.id, params.id] } }),
  ])
    await expect(change()).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('--fault') as string,
    });
  expect(await client.deleteFaults({ body: { all: true } })).toEqual({ count: 1 });
  expect((await client.listFaults()).items).toEqual(items.slice(0, 2));
});

test('there are a thousand rules at most', async () => {
  const fault = Array.from({ length: 1000 }, () => 'generic/greylist');
  await using sandbox = await startTestSandbox({ fault });
  const refused = await refusal(sandbox, '/api/faults', { stage: 'quit', then: 'reset' });
  expect(refused).toMatchObject({ status: 409, code: 'conflict', message: 'There are 1000 rules already.' });
  expect(refused.hint).toContain('POST /api/faults/delete');
});

test('it is counted how often a rule was applied, and told live, until it is changed', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const { id } = await client.createFault({
    body: { preset: 'generic/mailbox-full', when: { to: 'full@*' } },
  });
  const live = openLive(sandbox.url, { since: (await client.readStatus()).cursor });
  const isTold = new Promise((done) => live.on('fault:applied', done));
  const isConnected = new Promise((done) => live.on('fault:changed', done));
  await client.changeFault({ params: { id }, body: { name: 'mine' } });
  await isConnected;
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<app@shop.test>');
  expect(await wire.say('RCPT TO:<full@shop.test>')).toMatch(/^452 4\.2\.2 .*full/);
  expect(await wire.say('RCPT TO:<ann@shop.test>')).toMatch(/^250 /);
  const applied = { id, applied: 1, appliedAt: expect.any(String) as string };
  const { payload } = (await isTold) as { payload: object };
  expect(payload).toEqual({ ...applied, sessionId: expect.stringMatching(/^s_/) as string });
  live.close();
  expect((await client.listFaults()).items).toMatchObject([applied]);
  expect(await client.changeFault({ params: { id }, body: { enabled: false } })).toMatchObject({
    applied: 0,
    appliedAt: null,
  });
  expect(await wire.say('RCPT TO:<full@shop.test>')).toMatch(/^250 /);
});

test('a flag simulates from the first session on, and addresses that ask for a bounce can be turned off', async () => {
  const bounced = 'RCPT TO:<bounce+550-5.1.1+no-such-user@shop.test>';
  await using sandbox = await startTestSandbox({ fault: ['generic/mailbox-full'], bounceAddresses: false });
  await using other = await startTestSandbox();
  const replies = [];
  for (const one of [sandbox, other]) {
    await using wire = await one.wire();
    await wire.hello();
    await wire.say('MAIL FROM:<app@shop.test>');
    replies.push((await wire.say('RCPT TO:<ann@shop.test>')).slice(0, 3));
    replies.push((await wire.say(bounced)).slice(0, 9));
  }
  expect(replies).toEqual(['452', '452 4.2.2', '250', '550 5.1.1']);
  expect(await sandbox.client.readStatus({})).toMatchObject({ bounceAddresses: false });
  expect(await other.client.readStatus({})).toMatchObject({ bounceAddresses: true });
});

test('rules are there again after a restart, in their order', async () => {
  const data = temporaryFolder();
  const kept = [];
  {
    await using sandbox = await startTestSandbox({ data });
    const { client } = sandbox;
    const first = await client.createFault({ body: { preset: 'generic/greylist' } });
    kept.push(first, await client.createFault({ body: { stage: 'quit', then: 'reset' } }));
    const gone = await client.createFault({ body: { stage: 'mail', then: 'hang' } });
    kept[0] = await client.changeFault({ params: { id: first.id }, body: { enabled: false } });
    await client.deleteFault({ params: { id: gone.id } });
  }
  await using again = await startTestSandbox({ data });
  expect((await again.client.listFaults()).items).toEqual(kept);
});

test('every change is told live and in the log, but to those who see one inbox alone', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const { token } = await client.createInbox({ body: { name: 'mine', token: 'write' } });
  const heard: DurableEvent[] = [];
  const live = openLive(sandbox.url, {
    since: (await client.readStatus()).cursor,
    onEvent: (event) => heard.push(event),
  });
  const isDeleted = new Promise((done) => live.on('faults:deleted', done));
  const made = await client.createFault({ body: { stage: 'quit', then: 'reset' } });
  const changed = await client.changeFault({ params: { id: made.id }, body: { name: 'x' } });
  await client.deleteFault({ params: { id: made.id } });
  await isDeleted;
  live.close();
  const told = [
    { type: 'fault:created', payload: { fault: made } },
    { type: 'fault:changed', payload: { fault: changed } },
    { type: 'faults:deleted', payload: { ids: [made.id] } },
  ];
  expect(heard).toMatchObject(told);
  expect((await client.listEvents()).items.slice(-3)).toMatchObject(told);
  const theirs = await connect(sandbox.url, { token: token! }).listEvents();
  expect(theirs.items.map(({ type }) => type)).toEqual(['inbox:created']);
  await expect(connect(sandbox.url, { token: token! }).listFaults()).rejects.toMatchObject({
    code: 'not_allowed',
  });
});
