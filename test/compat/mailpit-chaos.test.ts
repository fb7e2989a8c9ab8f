// Mailpit's chaos: its triggers are rules for faults.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { loadClient } from './client-package.ts';
import { startWithMail } from './support.ts';

const off = {
  Sender: { ErrorCode: 451, Probability: 0 },
  Recipient: { ErrorCode: 451, Probability: 0 },
  Authentication: { ErrorCode: 535, Probability: 0 },
};

test('chaos is on from the start, with no trigger that fails anything', async () => {
  await using sandbox = await startWithMail();
  expect(await sandbox.get('/api/v1/webui')).toMatchObject({ ChaosEnabled: true });
  expect(await sandbox.get('/api/v1/chaos')).toEqual(off);
  expect((await sandbox.client.listFaults()).items).toEqual([]);
});

test('what is set is answered and becomes rules, and what is left out goes back to the start', async () => {
  await using sandbox = await startWithMail();
  const put = async (body: unknown): Promise<unknown> => (await sandbox.ask('PUT /api/v1/chaos', body)).json;
  const set = {
    Sender: { ErrorCode: 421, Probability: 5 },
    Recipient: { ErrorCode: 550, Probability: 100 },
    Authentication: { ErrorCode: 454, Probability: 0 },
  };
  expect(await put(set)).toEqual(set);
  expect(await sandbox.get('/api/v1/chaos')).toEqual(set);
  const { items } = await sandbox.client.listFaults();
  expect(
    items.map(({ name, stage, reply, times }) => ({ name, stage, reply, chance: times.chance })),
  ).toEqual([
    {
      name: 'Mailpit chaos: Sender',
      stage: 'mail',
      reply: { code: 421, enhanced: null, text: 'Chaos sender error' },
      chance: 5,
    },
    {
      name: 'Mailpit chaos: Recipient',
      stage: 'rcpt',
      reply: { code: 550, enhanced: null, text: 'Chaos recipient error' },
      chance: 100,
    },
  ]);
  const next = { recipient: { probability: 7 }, Sender: null };
  expect(await put(next)).toEqual({ ...off, Recipient: { ErrorCode: 451, Probability: 7 } });
  expect((await sandbox.client.listFaults()).items.map(({ stage }) => stage)).toEqual(['rcpt']);
  expect(await put({})).toEqual(off);
  expect((await sandbox.client.listFaults()).items).toEqual([]);
});

test('rules of others stay, and a rule of chaos that was turned off elsewhere is none', async () => {
  await using sandbox = await startWithMail();
  const { client } = sandbox;
  const own = await client.createFault({ body: { preset: 'generic/greylist' } });
  await sandbox.ask('PUT /api/v1/chaos', { Sender: { ErrorCode: 421, Probability: 50 } });
  const [, chaos] = (await client.listFaults()).items;
  await client.changeFault({ params: { id: chaos!.id }, body: { enabled: false } });
  expect(await sandbox.get('/api/v1/chaos')).toMatchObject({ Sender: { ErrorCode: 421, Probability: 0 } });
  await sandbox.ask('PUT /api/v1/chaos', {});
  expect((await client.listFaults()).items.map(({ id }) => id)).toEqual([own.id]);
});

test('what cannot be is refused in the words of Mailpit, with what came before it set', async () => {
  await using sandbox = await startWithMail();
  const refused = async (body: unknown): Promise<string> => {
    const { status, text } = await sandbox.ask('PUT /api/v1/chaos', body);
    expect(status).toBe(400);
    return text;
  };
  expect(await refused('')).toBe('EOF');
  expect(await refused({ Sender: { ErrorCode: 'x' } })).toBe(
    'json: cannot unmarshal string into Go struct field Trigger.Sender.ErrorCode of type int',
  );
  expect(await refused({ Sender: { Probability: 5.5 } })).toBe(
    'json: cannot unmarshal number 5.5 into Go struct field Trigger.Sender.Probability of type int',
  );
  expect(await refused({ Recipient: { ErrorCode: 200 } })).toBe('error code must be between 400 and 599');
  expect(await sandbox.get('/api/v1/chaos')).toEqual(off);
  const half = { Sender: { ErrorCode: 421, Probability: 5 }, Recipient: { Probability: 101 } };
  expect(await refused(half)).toBe('probability must be between 0 and 100');
  expect(await sandbox.get('/api/v1/chaos')).toEqual({ ...off, Sender: half.Sender });
});

test('its triggers fail a sender, a recipient and a login over SMTP', async () => {
  await using sandbox = await startTestSandbox();
  const set = async (body: unknown): Promise<void> => {
    await fetch(`${sandbox.url}/api/v1/chaos`, { method: 'PUT', body: JSON.stringify(body) });
  };
  await using wire = await sandbox.wire(1);
  await wire.hello();
  await set({ Authentication: { ErrorCode: 535, Probability: 100 } });
  expect(await wire.say('AUTH PLAIN AGFubgBzZWNyZXQ=')).toBe('535 Chaos authentication error\r\n');
  await set({ Sender: { ErrorCode: 421, Probability: 100 } });
  expect(await wire.say('MAIL FROM:<a@x.test>')).toBe('421 Chaos sender error\r\n');
  await set({ Recipient: { ErrorCode: 599, Probability: 100 } });
  expect(await wire.say('MAIL FROM:<a@x.test>')).toMatch(/^250 /);
  expect(await wire.say('RCPT TO:<b@x.test>')).toBe('599 Chaos recipient error\r\n');
  await set({});
  expect(await wire.say('RCPT TO:<b@x.test>')).toMatch(/^250 /);
});

interface ChaosClient {
  getChaosTriggers(): Promise<object>;
  setChaosTriggers(triggers?: object): Promise<object>;
}
const client = await loadClient<{ MailpitClient: new (url: string) => ChaosClient }>('mailpit-api');

test.skipIf(client === null)('mailpit-api reads and sets the triggers', async () => {
  await using sandbox = await startTestSandbox();
  const mailpit = new client!.MailpitClient(sandbox.url);
  expect(await mailpit.getChaosTriggers()).toEqual(off);
  const Sender = { ErrorCode: 451, Probability: 5 };
  expect(await mailpit.setChaosTriggers({ Sender })).toEqual({ ...off, Sender });
  expect(await mailpit.setChaosTriggers()).toEqual(off);
});
