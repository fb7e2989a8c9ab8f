// What a client does by itself: names, addresses, parameters, order. Each rule with what shows it and its neighbour.
import { describeGroups } from './groups.ts';
import { goodMail, says, type Case, type Talk } from './talk.ts';

const named =
  (name: string, verb = 'EHLO'): Talk =>
  async (wire) => {
    await wire.reply();
    await wire.say(`${verb} ${name}`);
    await wire.mail();
    await wire.quit();
  };

const enveloped = (from: string, ...to: string[]): Talk =>
  says(`MAIL FROM:${from}`, ...to.map((one) => `RCPT TO:${one}`), 'RSET');

const sent =
  (from: string, to: string[], message = 'Subject: a\r\n\r\nhello\r\n'): Talk =>
  async (wire) => {
    await wire.hello();
    await wire.say(`MAIL FROM:${from}`);
    for (const one of to) await wire.say(`RCPT TO:${one}`);
    await wire.say('DATA');
    wire.send(message);
    await wire.say('.');
    await wire.quit();
  };

const ann = '<ann@example.test>';
const bob = '<bob@example.test>';
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

const cases: Case[] = [
  { does: 'sends a well-formed mail', finds: [], talk: goodMail },

  { does: 'calls itself localhost', finds: ['ehlo.unqualified'], talk: named('localhost') },
  { does: 'calls itself by a container id', finds: ['ehlo.unqualified'], talk: named('15b0717dc4c2') },
  { does: 'calls itself by a full name', finds: [], talk: named('mail-1.example.test.') },
  {
    does: 'has an underscore in its name',
    finds: ['ehlo.bad-characters'],
    talk: named('my_app.example.test'),
  },
  { does: 'calls itself by a URL', finds: ['ehlo.bad-characters'], talk: named('http://example.test') },
  { does: 'calls itself by a bare address', finds: ['ehlo.bare-address'], talk: named('10.1.2.3') },
  {
    does: 'calls itself by an IPv6 address without brackets',
    finds: ['ehlo.bare-address'],
    talk: named('fe80::1'),
  },
  {
    does: 'calls itself by an address in brackets',
    finds: ['info:ehlo.literal'],
    talk: named('[127.0.0.1]'),
  },
  { does: 'says HELO', finds: ['ehlo.helo-only'], talk: named('client.test', 'HELO') },
  {
    does: 'says HELO after EHLO',
    finds: [],
    talk: async (wire) => {
      await wire.hello();
      await wire.say('HELO client.test');
      await wire.mail();
      await wire.quit();
    },
  },

  {
    does: 'sends DATA, its message and QUIT at once',
    finds: ['mail.illegal-pipelining'],
    talk: async (wire) => {
      await wire.hello();
      wire.send(`MAIL FROM:${ann}\r\nRCPT TO:${bob}\r\nDATA\r\nSubject: a\r\n\r\nb\r\n.\r\nQUIT\r\n`);
      for (let n = 0; n < 5; n++) await wire.reply();
      await wire.closed();
    },
  },
  {
    does: 'sends MAIL, RCPT and DATA in one packet, as PIPELINING allows',
    finds: [],
    talk: async (wire) => {
      await wire.hello();
      wire.send(`MAIL FROM:${ann}\r\nRCPT TO:${bob}\r\nDATA\r\n`);
      for (let n = 0; n < 3; n++) await wire.reply();
      wire.send('Subject: a\r\n\r\nb\r\n.\r\n');
      await wire.reply();
      await wire.quit();
    },
  },
  {
    does: 'ends commands in LF',
    finds: ['mail.bare-lf-command'],
    talk: async (wire) => {
      await wire.hello();
      wire.send('NOOP\n');
      await wire.reply();
      await wire.quit();
    },
  },
  { does: 'sends a control character', finds: ['mail.control-character'], talk: says('NOOP \x01') },
  {
    does: 'sends a command without end',
    finds: ['mail.overlong-command'],
    talk: says(`NOOP ${'a'.repeat(5000)}`),
  },
  {
    does: 'goes on with errors until it is turned out',
    finds: ['connect.too-many-errors'],
    talk: async (wire) => {
      await wire.hello();
      for (let n = 0; n < 60; n++) wire.send('BLAH\r\n');
      await wire.closed();
    },
  },

  {
    does: 'sends long lines before any command',
    finds: ['mail.overlong-command', 'connect.too-many-errors', 'mail.illegal-pipelining'],
    talk: async (wire) => {
      await wire.reply();
      for (let n = 0; n < 60; n++) wire.send(`${'a'.repeat(5000)}\r\n`);
      await wire.closed();
    },
  },

  {
    does: 'has a sender without a full domain',
    finds: ['mail.unqualified-sender'],
    talk: sent('<root@web1>', [bob]),
  },
  { does: 'has a sender at an address literal', finds: [], talk: sent('<root@[127.0.0.1]>', [bob]) },
  {
    does: 'has a recipient without a full domain',
    finds: ['rcpt.unqualified'],
    talk: sent(ann, ['<root@web1>']),
  },
  { does: 'writes to postmaster', finds: [], talk: sent(ann, ['<postmaster>']) },
  { does: 'sends a mail without a sender', finds: ['mail.null-sender'], talk: sent('<>', [bob]) },
  { does: 'only asks for a recipient without a sender', finds: [], talk: enveloped('<>', bob) },
  {
    does: 'has two dots in an address',
    finds: ['mail.malformed-address'],
    talk: sent(ann, ['<bob..b@example.test>']),
  },
  { does: 'has a quoted local part', finds: [], talk: sent(ann, ['<"bob..b"@example.test>']) },
  {
    does: 'has a Unicode local part without SMTPUTF8',
    finds: ['mail.utf8-without-smtputf8'],
    talk: sent(ann, [utf8('<jörg@example.test>')]),
  },
  { does: 'has a domain in punycode', finds: [], talk: sent(ann, ['<bob@xn--bcher-kva.test>']) },
  {
    does: 'has a domain that was Latin-1 before it was punycode',
    finds: ['mail.mojibake-domain'],
    talk: sent(ann, ['<bob@xn--b14cher-xwa2143e.test>']),
  },
  {
    does: 'has a Unicode domain',
    finds: ['mail.unicode-domain'],
    talk: sent(ann, [utf8('<bob@bücher.test>')]),
  },
  {
    does: 'has a Unicode address and says SMTPUTF8',
    finds: [],
    talk: sent(`${ann} SMTPUTF8`, [utf8('<jörg@example.test>')]),
  },
  {
    does: 'says SMTPUTF8 without need',
    finds: ['info:mail.needless-smtputf8'],
    talk: sent(`${ann} SMTPUTF8`, [bob]),
  },
  {
    does: 'uses DSN where it is not offered',
    finds: ['mail.parameter-not-offered'],
    talk: sent(`${ann} XYZZY=1`, [bob]),
  },
  { does: 'announces its size', finds: [], talk: sent(`${ann} SIZE=25`, [bob]) },
  { does: 'announces another size', finds: ['data.size-mismatch'], talk: sent(`${ann} SIZE=100000`, [bob]) },
  {
    does: 'writes to somebody twice',
    finds: ['rcpt.duplicate'],
    talk: sent(ann, [bob, '<carol@example.test>', '<bob@EXAMPLE.test>']),
  },
  {
    does: 'writes to 101 at once',
    finds: ['rcpt.many'],
    talk: async (wire) => {
      await wire.hello();
      const to = Array.from({ length: 101 }, (_, n) => `RCPT TO:<to${n}@example.test>\r\n`);
      wire.send(`MAIL FROM:${ann}\r\n${to.join('')}RSET\r\nQUIT\r\n`);
      await wire.closed();
    },
  },
  {
    does: 'writes to 100 at once',
    finds: [],
    talk: async (wire) => {
      await wire.hello();
      const to = Array.from({ length: 100 }, (_, n) => `RCPT TO:<to${n}@example.test>\r\n`);
      wire.send(`MAIL FROM:${ann}\r\n${to.join('')}RSET\r\nQUIT\r\n`);
      await wire.closed();
    },
  },
  {
    does: 'sends 8-bit text without a word',
    finds: ['data.eight-bit-undeclared'],
    talk: sent(ann, [bob], utf8('Subject: a\r\n\r\nGrüße\r\n')),
  },
  {
    does: 'announces 8-bit text',
    finds: [],
    talk: sent(`${ann} BODY=8BITMIME`, [bob], utf8('Subject: a\r\n\r\nGrüße\r\n')),
  },
  {
    does: 'has a dot between bare line feeds',
    finds: ['data.smuggling'],
    talk: sent(ann, [bob], 'Subject: a\r\n\r\nb\n.\nc\r\n'),
  },
];

describeGroups([['where all is as usual', cases]]);
