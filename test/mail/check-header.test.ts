// What is wrong with the header of a message: each rule with a mail that has the problem, and one that looks alike.
import { expect, test } from 'vitest';
import { type CheckCase, expectCase, findingsOf, mailWith, utf8 } from '../support/checked-mail.ts';

const good = mailWith();
const word = (text: string, charset = 'utf-8'): string =>
  `=?${charset}?B?${Buffer.from(text).toString('base64')}?=`;

const cases: CheckCase[] = [
  {
    rule: 'header.no-date',
    mail: 'a mail without Date',
    bad: mailWith({ Date: null }),
    at: { missing: 'Date' },
    near: 'one with it',
    good,
  },
  {
    rule: 'header.no-message-id',
    mail: 'a mail without Message-ID',
    bad: mailWith({ 'Message-ID': null }),
    at: { missing: 'Message-ID' },
    near: 'one whose name is in other letters',
    good: mailWith({ 'Message-ID': null, 'Message-Id': '<1@example.com>' }),
  },
  {
    rule: 'header.no-from',
    mail: 'a mail without From',
    bad: mailWith({ From: null }),
    at: { missing: 'From' },
    near: 'one with it',
    good,
  },
  {
    rule: 'header.from-invalid',
    mail: 'a From that is a name only',
    bad: mailWith({ From: 'Ann' }),
    at: 'From: Ann',
    vars: { value: 'Ann' },
    near: 'an address without a name',
    good: mailWith({ From: 'ann@example.com' }),
  },
  {
    rule: 'header.encoded-address',
    mail: 'a From that was encoded as a whole',
    bad: mailWith({ From: word('Jiří <jiri@example.com>') }),
    at: `From: ${word('Jiří <jiri@example.com>')}`,
    vars: { name: 'From', value: 'Jiří <jiri@example.com>' },
    near: 'one whose name alone is encoded',
    good: mailWith({ From: `${word('Jiří')} <jiri@example.com>` }),
  },
  {
    rule: 'header.encoded-word-in-address',
    mail: 'an encoded word before the @',
    bad: mailWith({ To: `${word('jörg')}@example.com` }),
    at: `To: ${word('jörg')}@example.com`,
    vars: { name: 'To' },
    near: 'an encoded name without a blank before the address',
    good: mailWith({ To: `${word('Jörg')}<joerg@example.com>` }),
  },
  {
    rule: 'header.duplicate-field',
    mail: 'a mail with two Subjects',
    bad: mailWith({}, 'Hi', ['Subject: Again']),
    at: 'Subject: Hello',
    vars: { name: 'Subject', count: 2 },
    near: 'one with two fields that may be there twice',
    good: mailWith({}, 'Hi', ['Received: by a', 'Received: by b', 'Comments: a', 'Comments: b']),
  },
  {
    rule: 'header.date-invalid',
    mail: 'a Date in the form of a language',
    bad: mailWith({ Date: 'heute um zehn' }),
    at: 'Date: heute um zehn',
    near: 'one with a named zone and a comment',
    good: mailWith({ Date: '29 Nov 2026 10:00 GMT (noon)' }),
  },
  {
    rule: 'header.date-implausible',
    mail: 'a Date of the year 1970',
    bad: mailWith({ Date: 'Thu, 01 Jan 1970 00:00:00 +0000' }),
    at: 'Date: Thu, 01 Jan 1970 00:00:00 +0000',
    near: 'an old mail, or one some hours ahead',
    good: mailWith({ Date: 'Mon, 30 Nov 2026 01:00:00 +0000' }),
  },
  {
    rule: 'header.message-id-invalid',
    mail: 'a Message-ID without angle brackets',
    bad: mailWith({ 'Message-ID': '12345' }),
    at: 'Message-ID: 12345',
    near: 'one with letters that few programs use',
    good: mailWith({ 'Message-ID': '<a=b/c+d$e@host-1.example.com>' }),
  },
  {
    rule: 'header.message-id-local',
    mail: 'a Message-ID of localhost',
    bad: mailWith({ 'Message-ID': '<1.2@localhost>' }),
    at: 'Message-ID: <1.2@localhost>',
    vars: { domain: 'localhost' },
    near: 'one of a domain',
    good,
  },
  {
    rule: 'header.bcc-leaked',
    mail: 'a mail with Bcc',
    bad: mailWith({}, 'Hi', ['Bcc: eve@example.com, mallory@example.com']),
    at: 'Bcc: eve@example.com, mallory@example.com',
    vars: { count: 2 },
    near: 'one whose Bcc is empty',
    good: mailWith({}, 'Hi', ['Bcc:']),
  },
  {
    rule: 'header.sender-missing',
    mail: 'a From of two addresses',
    bad: mailWith({ From: 'a@example.com, b@example.com' }),
    at: 'From: a@example.com, b@example.com',
    vars: { count: 2 },
    near: 'one with Sender',
    good: mailWith({ From: 'a@example.com, b@example.com' }, 'Hi', ['Sender: a@example.com']),
  },
  {
    rule: 'header.unquoted-comma',
    mail: 'a name with a comma',
    bad: mailWith({ To: 'Doe, John <john@example.com>' }),
    at: 'To: Doe, John <john@example.com>',
    vars: { name: 'To', value: 'Doe' },
    near: 'the same in quotation marks, or encoded',
    good: mailWith({ To: `"Doe, John" <john@example.com>, ${word('Doe, Ann')} <ann@example.com>` }),
  },
  {
    rule: 'header.address-invalid',
    mail: 'a Reply-To that is no address',
    bad: mailWith({}, 'Hi', ['Reply-To: none']),
    at: 'Reply-To: none',
    vars: { name: 'Reply-To', value: 'none' },
    near: 'a group without members',
    good: mailWith({ To: 'undisclosed-recipients:;' }),
  },
  {
    rule: 'header.no-recipients',
    mail: 'a mail without To, Cc and Bcc',
    bad: mailWith({ To: null }),
    at: { missing: 'To' },
    near: 'one with Cc',
    good: mailWith({ To: null, Cc: 'bob@example.com' }),
  },
  {
    rule: 'header.no-subject',
    mail: 'a mail whose Subject is empty',
    bad: mailWith({ Subject: '' }),
    at: 'Subject: ',
    near: 'one with it',
    good,
  },
  {
    rule: 'header.raw-8bit',
    mail: 'a Subject in bytes of UTF-8',
    bad: mailWith({ Subject: utf8('Grüße') }),
    at: `Subject: ${utf8('Grüße')}`,
    vars: { name: 'Subject' },
    near: 'a mail to an address that needs SMTPUTF8',
    good: mailWith({ Subject: utf8('Grüße'), To: utf8('jörg@example.com') }),
  },
  {
    rule: 'header.wrong-charset',
    mail: 'UTF-8 that is labelled iso-8859-1',
    bad: mailWith({ Subject: '=?iso-8859-1?Q?Zpr=C3=A1va?=' }),
    at: '=?iso-8859-1?Q?Zpr=C3=A1va?=',
    vars: { charset: 'iso-8859-1', actual: 'UTF-8', shown: 'ZprÃ¡va' },
    near: 'iso-8859-1 that is it',
    good: mailWith({ Subject: '=?iso-8859-1?Q?Zpr=E1va?=' }),
  },
  {
    rule: 'header.encoded-word-broken',
    mail: 'an encoded word with blanks',
    bad: mailWith({ Subject: '=?utf-8?Q?Hello to you?=' }),
    at: '=?utf-8?Q?Hello to you?=',
    vars: { name: 'Subject', why: 'has blanks in it' },
    near: 'words with underscores, question marks and a folded neighbour',
    good: mailWith({ Subject: '=?utf-8?Q?Hello_to_you=3F?=\r\n =?UTF-8*en?b?YQ==?=' }),
  },
  {
    rule: 'header.encoded-word-long',
    mail: 'an encoded word of 92 characters',
    bad: mailWith({ Subject: `=?utf-8?Q?${'a'.repeat(80)}?=` }),
    at: `=?utf-8?Q?${'a'.repeat(80)}?=`,
    vars: { length: 92 },
    near: 'one of 75',
    good: mailWith({ Subject: `=?utf-8?Q?${'a'.repeat(63)}?=` }),
  },
  {
    rule: 'header.injection',
    mail: 'a Subject with a line break and a Bcc in an encoded word',
    bad: mailWith({ Subject: '=?utf-8?Q?a=0D=0ABcc:_e@x.test?=' }),
    at: 'Subject: =?utf-8?Q?a=0D=0ABcc:_e@x.test?=',
    vars: { name: 'Subject', value: 'a Bcc: e@x.test' },
    near: 'a Subject that speaks of Cc, folded',
    good: mailWith({ Subject: 'Re: whom to put in Cc: the\r\n whole team?' }),
  },
  {
    rule: 'header.blank-continuation',
    mail: 'a field with a line of blanks',
    bad: mailWith({ Subject: 'Hello\r\n \r\n there' }),
    at: ' ',
    vars: { name: 'Subject' },
    near: 'a folded field',
    good: mailWith({ Subject: 'Hello\r\n there' }),
  },
  {
    rule: 'header.trace-field',
    mail: 'a mail with Return-Path that no server has had',
    bad: mailWith({}, 'Hi', ['Return-Path: <a@example.com>']),
    at: 'Return-Path: <a@example.com>',
    vars: { name: 'Return-Path' },
    near: 'a delivered one',
    good: mailWith({}, 'Hi', ['Return-Path: <a@example.com>', 'Received: from a by b']),
  },
  {
    rule: 'header.unsubscribe-invalid',
    mail: 'a List-Unsubscribe without angle brackets',
    bad: mailWith({}, 'Hi', ['List-Unsubscribe: https://example.com/leave']),
    at: 'List-Unsubscribe: https://example.com/leave',
    near: 'one with them',
    good: mailWith({}, 'Hi', ['List-Unsubscribe: <https://example.com/leave>']),
  },
  {
    rule: 'header.unsubscribe-missing',
    mail: 'a list mail without List-Unsubscribe',
    bad: mailWith({}, 'Hi', ['List-Id: News <news.example.com>']),
    at: { missing: 'List-Unsubscribe' },
    vars: { how: 'has a List-Id' },
    near: 'one with it',
    good: mailWith({}, 'Hi', ['List-Id: <n.example.com>', 'List-Unsubscribe: <mailto:x@example.com>']),
  },
  {
    rule: 'header.malformed-line',
    mail: 'a line that is neither field nor folded',
    bad: Buffer.from(good.toString().replace('To:', 'what is this\r\nTo:')),
    at: 'what is this',
    vars: { line: 'what is this' },
    near: 'a folded field',
    good: mailWith({ Subject: 'Hello\r\n\twhat is this' }),
  },
  {
    rule: 'header.no-blank-line',
    mail: 'text right behind the last field',
    bad: Buffer.from(good.toString().replace('utf-8\r\n\r\n', 'utf-8\r\n')),
    at: 'Hello Bob.\r\n',
    near: 'a mail without a body',
    good: Buffer.from('From: a@example.com\r\nTo: b@example.com\r\n'),
  },
  {
    rule: 'header.ended-early',
    mail: 'a header with an empty line before its last fields',
    bad: Buffer.from(good.toString().replace('MIME-Version', '\r\nMIME-Version')),
    at: 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n',
    vars: { names: 'MIME-Version, Content-Type' },
    near: 'a text that quotes the header of a mail',
    good: mailWith({}, 'From: Eve\r\nSubject: Hi\r\nDate: today\r\n\r\nquoted'),
  },
];

test.each(cases)('$rule is found in $mail, but not in $near', (one) => expectCase(one));

test('nothing is found in a header without a fault', async () => {
  expect(await findingsOf(good)).toEqual([]);
});

test('a mail that begins with an empty line has one finding about its header, not one for each lost field', async () => {
  const rules = (await findingsOf(Buffer.from(`\r\n${good.toString()}`))).map(({ rule }) => rule);
  expect(rules).toEqual(['header.ended-early']);
});

test('what stands in the header of an attached message is no fault of the mail', async () => {
  const attached = [
    '--b',
    'Content-Type: message/rfc822',
    '',
    'Subject: no From, no Date',
    '',
    'Hi',
    '--b--',
    '',
  ];
  const raw = mailWith({ 'Content-Type': 'multipart/mixed; boundary=b' }, attached.join('\r\n'));
  expect(await findingsOf(raw)).toEqual([]);
});
