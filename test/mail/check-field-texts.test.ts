// Texts that look like fields of a header, and letters in fields: how much is made of them.
import { expect, test } from 'vitest';
import { findingsOf, mailWith, utf8 } from '../support/checked-mail.ts';

test.each([
  'Content-Type: what does this field mean?\r\nNobody knows.',
  'Message-ID: 4711\r\nReference: 12\r\n\r\nHello.',
  'Content-Transfer-Encoding: base64\r\n\r\nis what it says.',
])('a text that begins with a name and a colon is none of a lost header: %s', async (body) => {
  const raw = mailWith({ 'MIME-Version': null, 'Content-Type': null, 'Message-ID': null }, body);
  expect((await findingsOf(raw)).map(({ rule }) => rule)).toEqual(['header.no-message-id']);
});

test('a field that was folded and then encoded holds no line break that somebody wrote', async () => {
  const rulesOf = async (Subject: string) =>
    (await findingsOf(mailWith({ Subject }))).map(({ rule }) => rule);
  expect(await rulesOf('=?utf-8?Q?a=0A_b?=')).toEqual([]);
  expect(await rulesOf('=?utf-8?Q?a=0Ab?=')).toEqual(['header.injection']);
});

test('without an envelope, UTF-8 in the header is no more than a notice, and other bytes are a warning', async () => {
  expect(await findingsOf(mailWith({ Subject: utf8('Grüße') }))).toMatchObject([
    { rule: 'header.raw-8bit', severity: 'notice' },
  ]);
  expect(await findingsOf(mailWith({ Subject: 'Gr\xfc\xdfe' }))).toMatchObject([
    { rule: 'header.raw-8bit', severity: 'warning' },
  ]);
});
