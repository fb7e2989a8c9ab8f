// Fields as the types and examples of Mailtrap's own clients have them (mailtrap 4.10 for Node.js and its siblings).
import { expect, test } from 'vitest';
import { fixture, sendMail, startWithMail, type MailSandbox } from './support.ts';

const base = '/api/accounts/7/inboxes/9/messages';

test('a message has every field of Mailtrap', async () => {
  await using sandbox = await startWithMail();
  const list = await sandbox.get<{ id: number; created_at: string }[]>(base);
  expect(list.map(({ id }) => id)).toEqual([2, 1]);
  const shown = await sandbox.get<object>(`${base}/1`);
  expect(shown).toEqual(list[1]);
  expect(shown).toEqual({
    id: 1,
    inbox_id: 9,
    subject: 'Grüße order 4711',
    sent_at: '2026-02-03T08:20:30.000Z',
    from_email: 'ann@example.com',
    from_name: 'Ann Sender',
    to_email: 'bob@example.com',
    to_name: 'Bob',
    email_size: 1227,
    is_read: false,
    created_at: list[1]!.created_at,
    updated_at: list[1]!.created_at,
    html_body_size: 86,
    text_body_size: 32,
    human_size: '1.2 KB',
    html_path: `${base}/1/body.html`,
    txt_path: `${base}/1/body.txt`,
    raw_path: `${base}/1/body.raw`,
    download_path: `${base}/1/body.eml`,
    html_source_path: `${base}/1/body.htmlsource`,
    blacklists_report_info: false,
    smtp_information: { ok: true, data: { mail_from_addr: 'bounce@example.com', client_ip: '127.0.0.1' } },
  });
  expect(list[1]!.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('bodies, headers and attachments are where Mailtrap has them', async () => {
  await using sandbox = await startWithMail();
  const raw = (await fixture('parts.eml')).toString();
  const html = '<p>Hello <b>Bob</b> <a href="https://example.com/x">link</a></p><img src="cid:logo@x">';
  const body = async (name: string): Promise<string> =>
    (await sandbox.ask(`GET ${base}/1/body.${name}`)).text;
  expect(await Promise.all(['txt', 'html', 'htmlsource', 'raw', 'eml'].map(body))).toEqual([
    ...['Hello Böb, your code is 123456.', html, html, raw, raw],
  ]);
  expect(await sandbox.get(`${base}/1/mail_headers`)).toMatchObject({
    headers: {
      subject: 'Grüße order 4711',
      mime_version: '1.0',
      message_id: '<one@example.com>',
      reply_to: 'help@example.com',
    },
  });
  const attachments = await sandbox.get<{ download_path: string }[]>(`${base}/1/attachments`);
  const { created_at: at } = await sandbox.get<{ created_at: string }>(`${base}/1`);
  expect(attachments[1]).toEqual({
    id: 2,
    message_id: 1,
    filename: 'report.pdf',
    attachment_type: 'attachment',
    content_type: 'application/pdf',
    content_id: null,
    transfer_encoding: 'base64',
    attachment_size: 15,
    created_at: at,
    updated_at: at,
    attachment_human_size: '15 Bytes',
    download_path: `${base}/1/attachments/2/download`,
  });
  expect(await sandbox.get(`${base}/1/attachments/2`)).toEqual(attachments[1]);
  expect(await sandbox.get(`${base}/1/attachments?attachment_type=inline`)).toEqual([attachments[0]]);
  expect((await sandbox.ask(`GET ${attachments[1]!.download_path}`)).text).toBe('%PDF-1.4\nhello\n');
});

test('lists go back by last_id and page, and are searched by subject and recipient', async () => {
  await using sandbox = await startWithMail();
  for (let n = 3; n <= 40; n += 1)
    await sendMail(sandbox, `To: r${n}@example.com\r\nSubject: s${n}\r\n\r\nx\r\n`);
  const ids = async (query: string): Promise<number[]> =>
    (await sandbox.get<{ id: number }[]>(`${base}?${query}`)).map(({ id }) => id);
  const numbers = (from: number, to: number): number[] =>
    Array.from({ length: from - to + 1 }, (_, i) => from - i);
  expect(await ids('')).toEqual(numbers(40, 11));
  expect(await ids('page=2')).toEqual(numbers(10, 1));
  expect(await ids('last_id=11')).toEqual(numbers(10, 1));
  expect(await ids('last_id=11&page=2')).toEqual(numbers(10, 1));
  expect(await ids('search=s17')).toEqual([17]);
  expect(await ids('search=R25@')).toEqual([25]);
  expect(await ids('page=3')).toEqual([]);
});

test('marks and deletion answer the message; what is not there is 404 with {error}', async () => {
  await using sandbox = await startWithMail();
  const read = await sandbox.ask(`PATCH ${base}/1`, { message: { is_read: true } });
  expect([read.status, (read.json as { is_read: boolean }).is_read]).toEqual([200, true]);
  expect(await sandbox.get(`${base}/1`)).toMatchObject({ is_read: true });
  const bad = await sandbox.ask(`PATCH ${base}/1`, { message: { is_read: 'perhaps' } });
  expect([bad.status, bad.json]).toEqual([422, { error: 'message.is_read must be true or false' }]);
  expect((await sandbox.ask(`PATCH ${base}/1`, '{')).status).toBe(400);
  const deleted = await sandbox.ask(`DELETE ${base}/1`);
  expect([deleted.status, (deleted.json as { id: number }).id]).toEqual([200, 1]);
  for (const path of ['/1', '/abc', '/1/body.txt', '/2/attachments/1', '/2/attachments/x'])
    expect(await sandbox.ask(`GET ${base}${path}`)).toMatchObject({
      status: 404,
      json: { error: 'Not Found' },
    });
});

test('a token that is asked for may come as Bearer or as Api-Token; otherwise any is good', async () => {
  const token = 'token-0123456789abcdef';
  await using closed = await startWithMail({ token: [token] });
  await using open = await startWithMail();
  const statusOf = async (sandbox: MailSandbox, headers: Record<string, string>) =>
    (await sandbox.ask(`GET ${base}/1`, undefined, headers)).status;
  for (const [headers, status] of [
    [{ 'Api-Token': token }, 200],
    [{ Authorization: `Bearer ${token}` }, 200],
    [{ 'Api-Token': 'another' }, 401],
    [{ Authorization: 'Bearer another', 'Api-Token': token }, 401],
    [{}, 401],
  ] as [Record<string, string>, number][]) {
    expect([headers, await statusOf(closed, headers)]).toEqual([headers, status]);
    expect([headers, await statusOf(open, headers)]).toEqual([headers, 200]);
  }
});

test('who may not ask is refused in the words of Mailtrap, whose clients show them', async () => {
  const token = 'token-0123456789abcdef';
  await using sandbox = await startWithMail({ token: [token] });
  const asAnother = { Authorization: 'Bearer another' };
  for (const [call, json] of [
    [`GET ${base}`, { error: 'Incorrect API token' }],
    ['GET /api/accounts/1/inboxes', { error: 'Incorrect API token' }],
    ['POST /api/send/2', { errors: ['Unauthorized'] }],
    ['POST /api/batch', { errors: ['Unauthorized'] }],
  ] as const)
    expect(await sandbox.ask(call, undefined, asAnother)).toMatchObject({ status: 401, json });
  const own = await sandbox.ask('GET /api/v1/messages', undefined, asAnother);
  expect(own).toMatchObject({ status: 401, json: { error: { code: 'unauthorized' } } });
  // Why a browser is refused is told in full.
  const foreign = await sandbox.ask(`DELETE ${base}/1`, undefined, { Origin: 'http://evil.test' });
  expect(foreign.json).toMatchObject({ error: { code: expect.any(String) as unknown } });
});

const sent = {
  from: { email: 'app@example.com', name: 'The app' },
  to: [{ email: 'ann@example.com', name: 'Ann' }, { email: 'bob@example.com' }],
  bcc: [{ email: 'hidden@example.com' }],
  reply_to: { email: 'help@example.com' },
  subject: 'Grüße',
  text: 'Your code is 482913',
  html: '<p>Your code is <b>482913</b></p><img src="cid:logo">',
  category: 'signup',
  custom_variables: { run: 17 },
  headers: { 'X-Run': '17' },
  attachments: [
    {
      content: Buffer.from('GIF89a').toString('base64'),
      filename: 'logo.gif',
      type: 'image/gif',
      disposition: 'inline',
      content_id: 'logo',
    },
    { content: Buffer.from('a,b').toString('base64'), filename: 'list.csv' },
  ],
};

test('what is sent by the API is a message like those of SMTP', async () => {
  await using sandbox = await startWithMail();
  const answer = await sandbox.ask('POST /api/send/2', sent);
  expect(answer).toMatchObject({ status: 200, json: { success: true, message_ids: ['3'] } });
  expect(await sandbox.get(`${base}/3`)).toMatchObject({
    ...{ subject: 'Grüße', from_email: 'app@example.com', from_name: 'The app', to_email: 'ann@example.com' },
  });
  const { headers } = await sandbox.get<{ headers: Record<string, string> }>(`${base}/3/mail_headers`);
  expect(headers).toMatchObject({
    ...{ x_run: '17', x_mt_category: 'signup', x_mt_custom_variables: '{"run":17}' },
    reply_to: 'help@example.com',
  });
  expect(await sandbox.get(`${base}/3/attachments`)).toMatchObject([
    { filename: 'logo.gif', attachment_type: 'inline', content_type: 'image/gif', content_id: 'logo' },
    { filename: 'list.csv', attachment_type: 'attachment' },
  ]);
  const message = await sandbox.client.readMessage({ params: { id: 'latest' } });
  expect(message).toMatchObject({ origin: 'api', codes: [{ code: '482913' }] });
  expect(message.envelope.to.map(({ address }) => address)).toEqual([
    ...['ann@example.com', 'bob@example.com', 'hidden@example.com'],
  ]);
});

test('several are sent at once, each with its own outcome, and a template is kept by its id', async () => {
  await using sandbox = await startWithMail();
  const { from, subject, text } = sent;
  const to = [{ email: 'ann@example.com' }];
  const template = { to, subject: '', template_uuid: 'abc-1', template_variables: { name: 'Ann' } };
  expect(
    (
      await sandbox.ask('POST /api/batch/2', {
        base: { from, subject, text },
        requests: [{ to }, {}, template],
      })
    ).json,
  ).toEqual({
    success: true,
    responses: [
      { success: true, message_ids: ['3'] },
      { success: false, errors: ["'to' address is required"] },
      { success: true, message_ids: ['4'] },
    ],
  });
  expect(await sandbox.get(`${base}/4`)).toMatchObject({ subject: 'Template abc-1' });
  const filled = await sandbox.ask('POST /api/send', { ...template, from });
  expect(filled.status).toBe(200);
  expect((await sandbox.ask(`GET ${base}/5/body.txt`)).text).toContain('"name": "Ann"');
});

test.each([
  [
    'nothing',
    {},
    [
      "'from' is required",
      "'to' address is required",
      "'subject' is required",
      'must specify either text or html body',
    ],
  ],
  ['no text', { ...sent, text: undefined, html: '' }, ['must specify either text or html body']],
  ['an address that is none', { ...sent, to: [{ email: 'x' }] }, ["'to' address is invalid: x"]],
  [
    'a name of a field with a line end',
    { ...sent, headers: { 'X\nBcc': 'x' } },
    ["'headers' has one that cannot be sent: X\nBcc"],
  ],
  [
    'an attachment that is no base64',
    { ...sent, attachments: [{ filename: 'x', content: '%' }] },
    ["'attachments' must have 'content' in base64"],
  ],
  ['a number for a text', { ...sent, subject: 7 }, ["'subject' must be a string", "'subject' is required"]],
])('sending is refused with what is wrong: %s', async (_, body, errors) => {
  await using sandbox = await startWithMail();
  expect(await sandbox.ask('POST /api/send/2', body)).toMatchObject({
    status: 400,
    json: { success: false, errors },
  });
  expect((await sandbox.client.readStatus()).messages).toBe(2);
});
