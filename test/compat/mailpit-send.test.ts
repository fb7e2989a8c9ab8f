import { request } from 'node:http';
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { sendMail, startWithMail } from './support.ts';

const full = {
  From: { Name: 'Üser', Email: 'user@example.test' },
  To: [{ Name: 'Rec, Ipient', Email: 'rec@example.test' }],
  Cc: [{ Email: 'cc@example.test' }],
  Bcc: ['bcc@example.test'],
  ReplyTo: [{ Email: 'reply@example.test' }],
  Subject: 'Tést',
  Text: 'hello\n.there\n',
  HTML: '<p>hello <img src="cid:logo"></p>',
  Tags: ['Tag 1'],
  Headers: { 'X-IP': '1.2.3.4' },
  Attachments: [
    { Content: 'aGk=', Filename: 'a.txt' },
    {
      Content: 'data:image/png;base64,cG5n',
      Filename: 'logo.png',
      ContentType: 'image/png',
      ContentID: 'logo',
    },
  ],
};

test('a message described in JSON is stored as a mail, with its envelope and tags', async () => {
  await using sandbox = await startWithMail();
  const { status, json } = await sandbox.ask('POST /api/v1/send', full, {
    Authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}`,
  });
  const { ID } = json as { ID: string };
  expect([status, Object.keys(json as object)]).toEqual([200, ['ID']]);
  const message = await sandbox.client.readMessage({ params: { id: ID } });
  expect(message).toMatchObject({
    ...{ origin: 'api', sessionId: null, user: 'ann', subject: 'Tést', tags: ['Tag 1'], parse: 'parsed' },
    mailFrom: 'user@example.test',
    rcptTo: ['rec@example.test', 'cc@example.test', 'bcc@example.test'],
    html: full.HTML,
  });
  expect(message.text?.trim()).toBe('hello\n.there');
  const shown = await sandbox.get<Record<string, unknown>>(`/api/v1/message/${ID}`);
  expect(shown).toMatchObject({
    From: { Name: 'Üser', Address: 'user@example.test' },
    To: [{ Name: 'Rec, Ipient', Address: 'rec@example.test' }],
    Bcc: [{ Name: '', Address: 'bcc@example.test' }],
    Username: 'ann',
    Inline: [{ FileName: 'logo.png', ContentID: 'logo', Size: 3 }],
    Attachments: [{ FileName: 'a.txt', Size: 2 }],
  });
  const headers = await sandbox.get<Record<string, string[]>>(`/api/v1/message/${ID}/headers`);
  expect(headers).toMatchObject({ 'X-Ip': ['1.2.3.4'], 'X-Tags': ['Tag 1'], 'Mime-Version': ['1.0'] });
  expect(headers).not.toHaveProperty('Bcc');
});

test('a field X-Tags tags a message, by whichever way it comes', async () => {
  await using sandbox = await startWithMail();
  const tagsOf = async (id: string): Promise<string[]> =>
    (await sandbox.get<{ Tags: string[] }>(`/api/v1/message/${id}`)).Tags;
  const { Tags: _, ...untagged } = full;
  const sent = await sandbox.ask('POST /api/v1/send', { ...untagged, Headers: { 'X-Tags': 'two, One' } });
  expect(await tagsOf((sent.json as { ID: string }).ID)).toEqual(['One', 'two']);
  expect((await sandbox.ask('POST /api/v1/send', { ...full, Headers: { 'x-tags': 'x' } })).json).toEqual({
    Error: 'cannot overwrite header: "x-tags"',
  });
  const id = await sendMail(
    sandbox,
    'X-Tags: Nightly,\r\n  Orders , ,Nightly\r\nSubject: s\r\n\r\nX-Tags: no\r\n',
  );
  expect(await tagsOf(id)).toEqual(['Nightly', 'Orders']);
  expect(await sandbox.get('/api/v1/search?query=tag:nightly')).toMatchObject({ messages_count: 1 });
  expect(await tagsOf(sandbox.ids[0]!)).toEqual([]);
});

test('plus addresses of header and envelope tag a message, by whichever way it comes', async () => {
  await using sandbox = await startWithMail();
  const tagsOf = async (id: string): Promise<string[]> =>
    (await sandbox.get<{ Tags: string[] }>(`/api/v1/message/${id}`)).Tags;
  const id = await sendMail(
    sandbox,
    'From: a+from@x.test\r\nTo: "x+y" <ann+shop+Nightly@x.test>, plain@x.test\r\nX-Tags: own\r\nReply-To: r+no@x.test\r\n\r\n',
    'bounce+no@x.test',
    ['ann+shop@x.test', 'bob+blind/copy@x.test', 'c@x+no.test'],
  );
  expect(await tagsOf(id)).toEqual(['blindcopy', 'from', 'Nightly', 'own', 'shop']);
  expect(await sandbox.get('/api/v1/search?query=tag:shop')).toMatchObject({ messages_count: 1 });
  const sent = await sandbox.ask('POST /api/v1/send', {
    ...{ From: { Email: 'a@x.test' }, To: [{ Email: 'b+run-17@x.test' }], Subject: 's', Text: 't' },
    Tags: ['given'],
  });
  expect(await tagsOf((sent.json as { ID: string }).ID)).toEqual(['given', 'run-17']);
});

test('names of fields may be in small letters, as Go reads them', async () => {
  await using sandbox = await startWithMail();
  const { status } = await sandbox.ask('POST /api/v1/send', {
    ...{ from: { email: 'a@example.test' }, to: [{ email: 'b@example.test' }], subject: 'small', text: 'x' },
  });
  expect(status).toBe(200);
  expect(await sandbox.get('/api/v1/message/latest')).toMatchObject({ Subject: 'small', Text: 'x' });
});

const refused: [what: string, body: unknown, problem: RegExp][] = [
  ['no sender', { To: [{ Email: 'b@example.test' }] }, /from not set/],
  ['no recipient', { From: { Email: 'a@example.test' } }, /no recipients/],
  ['a bad address', { ...full, To: [{ Email: 'nobody' }] }, /^invalid To address: nobody$/],
  [
    'a line break in an address',
    { ...full, Bcc: ['a@example.test\r\nRCPT TO:<x@y>'] },
    /^invalid Bcc address/,
  ],
  ['a fixed header', { ...full, Headers: { Subject: 'x' } }, /^cannot overwrite header: "Subject"$/],
  ['a header that is none', { ...full, Headers: { 'X\r\nY': 'x' } }, /invalid header name/],
  ['bad base64', { ...full, Attachments: [{ Content: '&&&', Filename: 'a' }] }, /^error decoding base64/],
  [
    'a wrong type',
    { ...full, Subject: 7 },
    /^json: cannot unmarshal number into Go struct field \.Subject of type string$/,
  ],
  [
    'a list for an object',
    { ...full, From: [] },
    /^json: cannot unmarshal array into Go struct field \.From /,
  ],
  ['no JSON', '{"From"', /not valid JSON/],
];
test.each(refused)('%s is refused with 400 and {Error}, and nothing is stored', async (_, body, problem) => {
  await using sandbox = await startWithMail();
  const { status, json } = await sandbox.ask('POST /api/v1/send', body);
  expect([status, Object.keys(json as object)]).toEqual([400, ['Error']]);
  expect((json as { Error: string }).Error).toMatch(problem);
  expect((await sandbox.client.readStatus()).messages).toBe(2);
});

test('line breaks in texts cannot add headers', async () => {
  await using sandbox = await startWithMail();
  const { json } = await sandbox.ask('POST /api/v1/send', {
    ...full,
    Subject: 'one\r\nX-Evil: 1',
    From: { Name: 'A\r\nX-Evil: 2', Email: 'a@example.test' },
    Headers: { 'X-Note': 'a\r\nX-Evil: 3' },
    Attachments: [{ Content: 'aGk=', Filename: 'a"\r\nX-Evil: 4' }],
  });
  const { headers } = await sandbox.client.readMessage({ params: { id: (json as { ID: string }).ID } });
  expect(headers.map(({ name }) => name.toLowerCase())).not.toContain('x-evil');
});

test('a body over the largest message is answered 413 in the same shape', async () => {
  await using sandbox = await startTestSandbox({ maxSize: '100kB' });
  const body = JSON.stringify({ ...full, Text: 'x'.repeat(200_000) });
  const response = await fetch(`${sandbox.url}/api/v1/send`, { method: 'POST', body });
  expect(response.status).toBe(413);
  expect(Object.keys((await response.json()) as object)).toEqual(['Error']);
  // Many bytes more than are read away, and not announced.
  const status = await new Promise<number>((done, fail) => {
    const stream = request(`${sandbox.url}/api/v1/send`, { method: 'POST' }, ({ statusCode }) =>
      done(statusCode!),
    );
    // A connection that is closed while the client still sends is as good.
    stream.on('error', (error: NodeJS.ErrnoException) =>
      /ECONNRESET|EPIPE/.test(error.code ?? '') ? done(413) : fail(error),
    );
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const more = (n: number): void => {
      if (n === 0) stream.end();
      else stream.write(chunk, () => more(n - 1));
    };
    more(40);
  });
  expect(status).toBe(413);
  expect((await sandbox.client.readStatus()).messages).toBe(0);
});
