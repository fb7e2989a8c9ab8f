// Mails of several texts, calendars, forwarded and bounced messages, as maildev 2.2.1 and 3.0.0 answered them.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { sendMail } from './support.ts';

interface Recorded {
  mails: Record<string, string>;
  answers: Record<string, Record<string, Record<string, unknown>>>;
}
const recorded = JSON.parse(
  await readFile(new URL('maildev-parts.json', import.meta.url), 'utf8'),
) as Recorded;
const fields = ['subject', 'text', 'html', 'alternatives', 'attachments'];

test.each([
  ['2.2.1', '/email'],
  ['3.0.0', '/api/email'],
])('texts are joined and parts are attached as in maildev %s', async (version, list) => {
  await using sandbox = await startTestSandbox();
  for (const raw of Object.values(recorded.mails))
    await sendMail(sandbox, Buffer.from(raw), 'a@x.test', ['b@x.test']);
  const emails = (await (await fetch(sandbox.url + list)).json()) as Record<string, unknown>[];
  const names = Object.keys(recorded.mails);
  expect(emails).toHaveLength(names.length);
  for (const [n, email] of emails.entries()) {
    // Left out: `undefined` for an empty text, and blanks that are no part of a flowed one (RFC 3676 §4.4).
    const wanted = recorded.answers[version]![names[n]!];
    if (!wanted) continue;
    const given = Object.fromEntries(
      Object.entries(email).filter(([field]) => fields.includes(field) || field in wanted),
    );
    expect({ [names[n]!]: given }).toEqual({ [names[n]!]: wanted });
  }
});

test.each([
  ['2.2.1', '/email'],
  ['3.0.0', '/api/email'],
])(
  'what is listed as attached is served, and the page has all of the HTML, as in maildev %s',
  async (_, list) => {
    await using sandbox = await startTestSandbox();
    const ask = async (path: string): Promise<string> => (await fetch(sandbox.url + list + path)).text();
    const send = (name: string): Promise<string> =>
      sendMail(sandbox, Buffer.from(recorded.mails[name]!), 'a@x.test', ['b@x.test']);
    const id = await send('ics');
    const { attachments } = JSON.parse(await ask(`/${id}`)) as {
      attachments: { generatedFileName: string }[];
    };
    expect(await ask(`/${id}/attachment/${attachments.at(-1)!.generatedFileName}`)).toBe(
      'BEGIN:VCALENDAR\r\nEND:VCALENDAR',
    );
    expect(await ask(`/${await send('footer')}/html`)).toMatch(/^<p>main<\/p>[^]*__ footer/);
  },
);

test.each(['/email', '/api/email'])(
  'texts that were made to take long are joined at %s soon',
  async (list) => {
    await using sandbox = await startTestSandbox();
    const pieces = [
      '<head>',
      '</head ',
      '<body ',
      '<!doctype ',
      ' ',
      '<',
      'http://x.test/)',
      '"',
      '=?a?b?',
      '\t ',
    ];
    const parts = pieces.flatMap((piece) =>
      ['text/html', 'text/plain'].map((type) => `Content-Type: ${type}\r\n\r\n${piece.repeat(60_000)}`),
    );
    await sendMail(
      sandbox,
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${parts.join('\r\n--b\r\n')}\r\n--b--\r\n`,
    );
    const start = performance.now();
    expect((await fetch(sandbox.url + list)).status).toBe(200);
    expect(performance.now() - start).toBeLessThan(10_000);
  },
);
