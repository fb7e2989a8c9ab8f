// How Mailpit joins and lists parts: envelope.go of the MIME library it uses, jhillyerd/enmime.
import { expect, test } from 'vitest';
import { sendMail, startWithMail, type MailSandbox } from './support.ts';

/** A multipart message of parts as they are written here, with the line endings of mail. */
const multipart = (type: string, parts: string[], boundary = 'b'): string =>
  [
    `Content-Type: multipart/${type}; boundary=${boundary}`,
    '',
    ...parts.flatMap((part) => [`--${boundary}`, part.replace(/\r?\n/g, '\r\n')]),
    `--${boundary}--`,
    '',
  ].join('\r\n');
const plain = (text: string, more = ''): string =>
  `Content-Type: text/plain; charset=utf-8${more}\n\n${text}`;
const html = (text: string): string => `Content-Type: text/html\n\n${text}`;

interface Listed {
  PartID: string;
  FileName: string;
  ContentType: string;
}
interface Shown {
  Text: string;
  HTML: string;
  Inline: Listed[];
  Attachments: Listed[];
}
async function show(sandbox: MailSandbox, mail: string): Promise<Shown & { id: string }> {
  const id = await sendMail(sandbox, Buffer.from(`Subject: parts\r\n${mail}`));
  return { id, ...(await sandbox.get<Shown>(`/api/v1/message/${id}`)) };
}

test('text parts are told apart by a line of two dashes, in the message and in its view', async () => {
  await using sandbox = await startWithMail();
  const both = multipart('alternative', [plain('main text'), html('<p>main</p>')], 'inner');
  const { id, Text, HTML } = await show(sandbox, multipart('mixed', [both, plain('__ footer')]));
  expect([Text, HTML]).toEqual(['main text\n--\n__ footer', '<p>main</p>']);
  expect((await sandbox.ask(`GET /view/${id}.txt`)).text).toBe(Text);
});

test('texts have the line endings that they were sent with, and lines that flow stand as they are', async () => {
  await using sandbox = await startWithMail();
  const flowed = plain('this goes \non\n', '; format=flowed');
  const mail = multipart('alternative', [flowed, html('<p>\nx</p>\n')]);
  const { id, Text, HTML } = await show(sandbox, mail);
  expect([Text, HTML]).toEqual(['this goes \r\non\r\n', '<p>\r\nx</p>\r\n']);
  expect((await sandbox.ask(`GET /view/${id}.txt`)).text).toBe(Text);
  expect((await sandbox.ask(`GET /view/${id}.html`)).text).toBe(HTML);
  const encoded = plain('YQpiDQpj\n', '\nContent-Transfer-Encoding: base64').replaceAll('\n', '\r\n');
  expect((await show(sandbox, encoded)).Text).toBe('a\nb\r\nc');
});

test('an empty text part counts among others, and an attached text does not', async () => {
  await using sandbox = await startWithMail();
  const attached = plain('c', '\nContent-Disposition: attachment; filename=c.txt');
  const { Text } = await show(
    sandbox,
    multipart('mixed', [plain('a'), plain(''), attached, plain('é', '; format=x')]),
  );
  expect(Text).toBe('a\n--\n\n--\né');
});

test('of alternatives the first text that is least deep is taken', async () => {
  await using sandbox = await startWithMail();
  const inner = multipart('mixed', [plain('deep')], 'inner');
  const { Text } = await show(sandbox, multipart('alternative', [inner, plain('shallow'), plain('later')]));
  expect(Text).toBe('shallow');
});

test('an empty text beside HTML is made of the HTML', async () => {
  await using sandbox = await startWithMail();
  const { Text } = await show(sandbox, multipart('alternative', [plain(''), html('<p>words</p>')]));
  expect(Text).toBe('words');
});

test('has:inline finds what is inline by its disposition, named or not', async () => {
  await using sandbox = await startWithMail();
  await sandbox.ask('DELETE /api/v1/messages');
  const image = 'Content-Type: image/png\nContent-ID: <a@x>';
  const mails: Record<string, string> = {
    related: multipart('related', [html('x'), `${image}\n\nhi`]),
    'inline image': multipart('related', [html('x'), `${image}\nContent-Disposition: inline\n\nhi`]),
    'inline text': multipart('mixed', [plain('x', '\nContent-Disposition: inline')]),
    'one text': 'Content-Type: text/plain\r\nContent-Disposition: inline\r\n\r\nx\r\n',
    'one image': 'Content-Type: image/png\r\nContent-Disposition: inline\r\n\r\nx\r\n',
  };
  for (const [subject, mail] of Object.entries(mails))
    await sendMail(sandbox, `Subject: ${subject}\r\n${mail}`);
  const find = async (query: string): Promise<string[]> =>
    (await sandbox.get<{ messages: { Subject: string }[] }>(`/api/v1/search?query=${query}`)).messages
      .map(({ Subject }) => Subject)
      .sort();
  expect(await find('has:inline')).toEqual(['inline image', 'inline text', 'one image']);
  expect(await find('!has:inlines')).toEqual(['one text', 'related']);
});

test('inline parts are listed before those without a disposition, and unnamed bytes also as attachments', async () => {
  await using sandbox = await startWithMail();
  const { Inline, Attachments } = await show(
    sandbox,
    multipart('mixed', [
      plain('x'),
      'Content-Type: image/gif; name=a.gif\n\nhi',
      'Content-Type: application/octet-stream; name=b\nContent-Disposition: inline\n\nhi',
    ]),
  );
  expect(Inline.map(({ ContentType }) => ContentType)).toEqual(['application/octet-stream', 'image/gif']);
  expect(Attachments.map(({ ContentType }) => ContentType)).toEqual(['application/octet-stream']);
});

test('a message that is no text is one attachment, counted without a name and asked for as part 0', async () => {
  await using sandbox = await startWithMail();
  // Its type, its disposition, and where it is listed: as enmime 0.9.3 told it.
  const found: [type: string, disposition: string, lists: string[], count: number][] = [
    ['application/pdf; name=x', '', ['attached 0 x'], 1],
    ['application/pdf', '', [], 1],
    ['application/pdf', 'inline; filename=x', ['inline 0 x'], 0],
    ['text/calendar; name=x', '', ['attached 0 x'], 1],
    ['text/plain', 'attachment; filename=x', ['attached 0 x'], 1],
    ['text/plain; name=x', 'inline', [], 0],
    ['message/rfc822', '', [], 1],
    ['application/octet-stream; name=x', '', ['attached 0 x'], 1],
  ];
  for (const [type, disposition, lists, count] of found) {
    const field = disposition === '' ? '' : `Content-Disposition: ${disposition}\r\n`;
    const mail = `Content-Type: ${type}\r\n${field}\r\nbody\r\n`;
    const { id, Inline, Attachments } = await show(sandbox, mail);
    const name = (list: string, { PartID, FileName }: Listed): string => `${list} ${PartID} ${FileName}`;
    expect([
      ...Attachments.map((part) => name('attached', part)),
      ...Inline.map((part) => name('inline', part)),
    ]).toEqual(lists);
    const { messages } = await sandbox.get<{ messages: object[] }>('/api/v1/messages?limit=1');
    expect(messages).toMatchObject([{ ID: id, Attachments: count }]);
    if (lists.length > 0)
      expect((await sandbox.ask(`GET /api/v1/message/${id}/part/0`)).text).toBe('body\r\n');
  }
});
