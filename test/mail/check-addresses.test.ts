// Rare forms of address fields: those that are allowed get no more than a notice.
import { expect, test } from 'vitest';
import { findingsOf, mailWith, utf8 } from '../support/checked-mail.ts';

const found = async (field: string, value: string): Promise<string[]> => {
  const isUsual = /^(?:From|To)$/.test(field);
  const raw = isUsual ? mailWith({ [field]: value }) : mailWith({}, 'Hi', [`${field}: ${value}`]);
  return (await findingsOf(raw)).map(({ rule, severity }) => `${rule} ${severity}`);
};

test.each([
  ['From', '"a@b"@example.com', []],
  ['To', '"Ann \\"@\\" work"@example.com', []],
  ['From', '=?utf-8?Q?J=C3=B6rg?=@Shop <joerg@example.com>', []],
  ['From', '"=?utf-8?Q?J=C3=B6rg?=@Shop, Berlin" <joerg@example.com>', []],
  ['To', 'bob@example.com (=?utf-8?Q?J=C3=B6rg?=@home)', []],
  ['Bcc', 'undisclosed-recipients:;', []],
  ['From', 'Nobody:;', ['header.from-invalid notice']],
  ['To', '(Recipient list suppressed)', ['header.address-invalid notice']],
  ['Cc', 'recipient list not shown', ['header.address-invalid notice']],
])('%s: %s', async (field, value, rules) => {
  expect(await found(field, value)).toEqual(rules);
});

test.each([
  ['To', 'Bob <=?utf-8?Q?b=C3=B6b?=@example.com>', 'header.encoded-word-in-address error'],
  ['To', 'ann@example.com, bob@=?utf-8?Q?b=C3=BCro.example?=', 'header.encoded-word-in-address error'],
  ['To', '"=?utf-8?Q?b=C3=B6b?="@example.com', 'header.encoded-word-in-address error'],
  ['From', utf8('Friends: ;, Ann'), 'header.from-invalid error'],
  ['Bcc', 'Friends: eve@example.com;', 'header.bcc-leaked warning'],
])('%s: %s is found wrong', async (field, value, rule) => {
  expect(await found(field, value)).toContain(rule);
});
