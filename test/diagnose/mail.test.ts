// Mail that was refused, as a whole or for some recipients, or that got lost on its way.
import { asks, dataOf, describeGroups, leaves, sent, type Group } from './groups.ts';
import { says, type Case } from './talk.ts';

const ann = 'MAIL FROM:<ann@example.test>';
const bob = 'RCPT TO:<bob@example.test>';

const open: Case[] = [
  {
    does: 'joins recipients by commas',
    finds: ['rcpt.several-in-one'],
    talk: says(ann, 'RCPT TO:<bob@example.test, carol@example.test>'),
  },
  {
    does: 'has a name in MAIL',
    finds: ['mail.refused-syntax'],
    talk: says('MAIL FROM:<Ann <ann@example.test>>'),
  },
  { does: 'has no address in RCPT', finds: ['rcpt.refused-syntax'], talk: says(ann, 'RCPT TO:<>') },
  { does: 'sends DATA without RCPT', finds: ['rcpt.none'], talk: says(ann, 'DATA') },
  {
    does: 'sends to those that are left',
    finds: ['rcpt.refused-syntax', 'rcpt.partly-refused'],
    talk: dataOf('Subject: a\r\n\r\nb\r\n', ann, bob, 'RCPT TO:<@example.test>'),
  },
  { does: 'announces too large a mail', finds: ['mail.too-big'], talk: says(`${ann} SIZE=9999999`) },
  {
    does: 'sends too large a mail',
    finds: ['mail.too-big'],
    talk: dataOf(`Subject: a\r\n\r\n${'b\r\n'.repeat(20_000)}`, ann, bob),
  },
  {
    does: 'leaves in the middle of a mail',
    finds: ['data.cut-off'],
    talk: leaves(sent('Subject: a\r\n\r\nhel')),
  },
  {
    does: 'ends a mail with LF',
    finds: ['data.never-ended'],
    talk: leaves(sent('Subject: a\n\nhello\n.\n')),
  },
  { does: 'leaves after RCPT, as checks of addresses do', finds: [], talk: leaves(asks) },
];

const strict: Case[] = [
  {
    does: 'has bare line feeds',
    finds: ['data.bare-newline-refused'],
    talk: dataOf('Subject: a\n\nb\r\n', ann, bob),
  },
];

const groups: Group[] = [
  ['where mails may have 50,000 bytes', open, { maxSize: '50000' }],
  ['where line endings are checked', strict, { bareNewlines: 'refuse' }],
];

describeGroups(groups);
