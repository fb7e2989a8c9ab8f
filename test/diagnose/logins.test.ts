// Logins: whether they are wanted, their mechanisms, and what is wrong with the credentials.
import { describeGroups, leaves, type Group } from './groups.ts';
import { base64, plainLogin, says, type Case } from './talk.ts';

const ann = 'MAIL FROM:<ann@example.test>';
const bob = 'RCPT TO:<bob@example.test>';

const open: Case[] = [
  {
    does: 'logs in as anybody',
    finds: [],
    talk: says(plainLogin('joe@example.test', 'secret'), ann, bob, 'RSET'),
  },
  {
    does: 'has a blank behind the password',
    finds: ['auth.whitespace'],
    talk: says(plainLogin('joe', 'secret ')),
  },
  {
    does: 'has a line break behind the password',
    finds: ['auth.whitespace'],
    talk: says(plainLogin('joe', 'secret\n')),
  },
  {
    does: 'has a line break behind the user',
    finds: ['auth.whitespace'],
    talk: says(plainLogin('joe\n', 'secret')),
  },
  { does: 'has an empty password', finds: ['auth.empty'], talk: says(plainLogin('joe', '')) },
  { does: 'has no user', finds: ['auth.empty'], talk: says(plainLogin('', '')) },
  { does: 'is called null', finds: ['auth.placeholder'], talk: says(plainLogin('null', 'null')) },
  {
    does: 'is called by a variable',
    finds: ['auth.placeholder'],
    talk: says(plainLogin('${SMTP_USER}', 'x')),
  },
  { does: 'is called nulla', finds: [], talk: says(plainLogin('nulla', 'x')) },
  {
    does: 'has a key of SendGrid',
    finds: ['auth.provider-account'],
    talk: says(plainLogin('apikey', `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`)),
  },
  { does: 'only bears the name of such a key', finds: [], talk: says(plainLogin('apikey', 'test')) },
  { does: 'logs in by DIGEST-MD5', finds: ['auth.mechanism-not-offered'], talk: says('AUTH DIGEST-MD5') },
  { does: 'sends no base64', finds: ['auth.bad-encoding'], talk: says('AUTH LOGIN', 'joe smith!') },
  { does: 'sends PLAIN without NUL', finds: ['auth.malformed'], talk: says(`AUTH PLAIN ${base64('joe')}`) },
  { does: 'calls the login off', finds: ['auth.abandoned'], talk: says('AUTH LOGIN', '*') },
  {
    does: 'leaves during the login',
    finds: ['auth.abandoned'],
    talk: leaves(async (wire) => {
      await wire.hello();
      await wire.say('AUTH LOGIN');
    }),
  },
  {
    does: 'logs in twice',
    finds: ['auth.out-of-order'],
    talk: says(plainLogin('joe', 'secret'), plainLogin('joe', 'secret')),
  },
];

const guarded: Case[] = [
  {
    does: 'logs in rightly',
    finds: [],
    talk: says(plainLogin('ann@example.test', 'pass word'), ann, bob, 'RSET'),
  },
  {
    does: 'has a wrong password',
    finds: ['auth.failed'],
    talk: says(plainLogin('ann@example.test', 'other')),
  },
  { does: 'is not known', finds: ['auth.unknown-user'], talk: says(plainLogin('bob', 'pass word')) },
  {
    does: 'encodes twice',
    finds: ['auth.double-base64'],
    talk: says(plainLogin('ann@example.test', base64('pass word'))),
  },
  {
    does: 'has a line break behind it',
    finds: ['auth.whitespace'],
    talk: says(plainLogin('ann@example.test', 'pass word\n')),
  },
  { does: 'sends Latin-1', finds: ['auth.not-utf8'], talk: says(plainLogin('carl', 'gr\xfc\xdfe')) },
  {
    does: 'tries another mechanism in the end',
    finds: ['auth.failed'],
    talk: says(plainLogin('ann@example.test', 'other'), plainLogin('ann@example.test', 'pass word')),
  },
  {
    does: 'has a token that is refused',
    finds: ['auth.token-refused'],
    talk: says(`AUTH XOAUTH2 ${base64('user=ann@example.test\x01auth=Bearer ya29.token\x01\x01')}`, ''),
  },
];

const strict: Case[] = [
  { does: 'does not log in', finds: ['auth.required'], talk: says(ann) },
  { does: 'logs in', finds: [], talk: says(plainLogin('joe', 'secret'), ann, bob, 'RSET') },
  { does: 'sends without TLS', port: 'further', finds: ['tls.required'], talk: says(ann) },
  {
    does: 'logs in without TLS',
    port: 'further',
    finds: ['tls.required'],
    talk: says(plainLogin('joe', 'secret')),
  },
];

const groups: Group[] = [
  ['where any login is taken', open],
  [
    'where logins are checked',
    guarded,
    { user: ['ann@example.test:pass word', 'carl:grüße'], authMechanisms: ['PLAIN', 'LOGIN', 'XOAUTH2'] },
  ],
  [
    'where a login or TLS is needed',
    strict,
    { auth: 'required', listen: ['smtp://127.0.0.1:0?tls=required'] },
  ],
];

describeGroups(groups);
