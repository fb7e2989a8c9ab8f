// How a session went: ports that were mixed up, TLS, EHLO, time limits. Each rule with its neighbour.
import { describeGroups, leaves, raw, startTls, sent, type Group } from './groups.ts';
import { goodMail, plainLogin, says, type Case, type Talk } from './talk.ts';

const ann = 'MAIL FROM:<ann@example.test>';
const bob = 'RCPT TO:<bob@example.test>';
const clientHello = '\x16\x03\x01\x00\x05hello';
const greeted: Talk = (wire) => wire.reply();

const open: Case[] = [
  { does: 'connects and leaves', finds: ['info:connect.port-probe'], talk: leaves(greeted) },
  {
    does: 'connects and leaves the port for TLS',
    port: 'smtps',
    finds: ['info:connect.port-probe'],
    talk: async (wire) => wire.end(),
  },
  { does: 'says QUIT to the greeting', finds: [], talk: async (wire) => (await wire.reply(), wire.quit()) },
  { does: 'leaves after EHLO', finds: ['info:ehlo.left'], talk: says() },
  {
    does: 'sends an HTTP request',
    finds: ['connect.http'],
    talk: async (wire) => (await wire.reply(), raw('GET / HTTP/1.1\r\n\r\n')(wire)),
  },
  {
    does: 'sends an HTTP request to the port for TLS',
    port: 'smtps',
    finds: ['connect.http'],
    talk: raw('GET / HTTP/1.1\r\n\r\n'),
  },
  {
    does: 'speaks clear text on the port for TLS',
    port: 'smtps',
    finds: ['tls.plain-on-implicit'],
    talk: raw('EHLO client.test\r\n'),
  },
  {
    does: 'sends a PROXY header',
    finds: ['connect.proxy-header'],
    talk: async (wire) => {
      await wire.reply();
      await wire.say('PROXY TCP4 10.0.0.1 10.0.0.2 1 2');
      await wire.quit();
    },
  },
  {
    does: 'begins with TLS on the plain port',
    finds: ['tls.implicit-on-plain'],
    talk: async (wire) => {
      await wire.reply();
      await wire.secure({ servername: 'localhost' }).catch(() => undefined);
    },
  },
  {
    does: 'insists on STARTTLS at the plain port',
    finds: ['tls.starttls-not-offered'],
    talk: says('STARTTLS'),
  },
  {
    does: 'asks for STARTTLS at the plain port and goes on',
    finds: [],
    talk: says('STARTTLS', ann, bob, 'RSET'),
  },
  {
    does: 'sends in clear text where STARTTLS is offered',
    port: 'submission',
    finds: ['info:tls.starttls-unused'],
    talk: goodMail,
  },
  {
    does: 'says EHLO again after STARTTLS',
    port: 'submission',
    finds: [],
    talk: async (wire) => {
      await startTls(wire);
      await wire.say('EHLO client.test');
      await wire.mail();
      await wire.quit();
    },
  },
  {
    does: 'does not say EHLO again after STARTTLS',
    port: 'submission',
    finds: ['ehlo.missing-after-starttls'],
    talk: async (wire) => {
      await startTls(wire);
      await wire.say(ann);
      await wire.quit();
    },
  },
  {
    does: 'logs in without EHLO after STARTTLS',
    port: 'submission',
    finds: ['ehlo.missing-after-starttls'],
    talk: async (wire) => {
      await startTls(wire);
      await wire.say(plainLogin('joe', 'secret'));
      await wire.quit();
    },
  },
  {
    does: 'sends STARTTLS within TLS',
    port: 'smtps',
    finds: ['tls.both-ways'],
    talk: async (wire) => {
      await wire.secure({ servername: 'localhost' });
      await wire.hello();
      await wire.say('STARTTLS');
      await wire.quit();
    },
  },
  {
    does: 'sends commands behind STARTTLS',
    port: 'submission',
    finds: ['tls.plaintext-after-starttls', 'info:tls.no-sni'],
    talk: async (wire) => {
      await wire.hello();
      wire.send('STARTTLS\r\nEHLO evil.test\r\n');
      await wire.reply();
      await wire.secure();
      await wire.say('EHLO client.test');
      await wire.quit();
    },
  },
  {
    does: 'goes on in clear text after STARTTLS',
    port: 'submission',
    finds: ['tls.no-handshake'],
    talk: async (wire) => {
      await wire.hello();
      await wire.say('STARTTLS');
      await raw('EHLO client.test\r\n')(wire);
    },
  },
  {
    does: 'leaves behind the handshake of STARTTLS, as monitors of certificates do',
    port: 'submission',
    finds: ['tls.left-after-handshake'],
    talk: leaves(startTls),
  },
  {
    does: 'leaves behind a handshake for another name',
    port: 'submission',
    finds: ['tls.certificate-name'],
    talk: leaves(async (wire) => {
      await wire.hello();
      await wire.say('STARTTLS');
      await wire.secure({ servername: 'mail.other.test' });
    }),
  },
  {
    does: 'leaves the port for TLS behind the handshake, as checks do',
    port: 'smtps',
    finds: ['tls.left-after-handshake'],
    talk: leaves(async (wire) => {
      await wire.secure({ servername: 'localhost' });
      await wire.reply();
    }),
  },
  {
    does: 'sends no certain TLS bytes to the plain port',
    finds: ['tls.implicit-on-plain'],
    talk: async (wire) => {
      await wire.reply();
      wire.send(clientHello);
      wire.end();
    },
  },
  {
    does: 'does not say EHLO',
    finds: ['ehlo.missing'],
    talk: async (wire) => {
      await wire.reply();
      await wire.say(ann);
      await wire.quit();
    },
  },
  {
    does: 'says EHLO without a name',
    finds: ['ehlo.refused'],
    talk: async (wire) => {
      await wire.reply();
      await wire.say('EHLO');
      await wire.say(ann);
      await wire.quit();
    },
  },
];

const quiet: Case[] = [
  {
    does: 'is silent after EHLO',
    finds: ['info:connect.idle'],
    talk: async (wire) => (await wire.hello(), wire.closed()),
  },
  {
    does: 'is silent in the middle of a mail',
    finds: ['data.stalled'],
    talk: async (wire) => (await sent('a')(wire), wire.closed()),
  },
  {
    does: 'waits for a greeting on the port for TLS',
    port: 'smtps',
    finds: ['tls.plain-on-implicit'],
    talk: (wire) => wire.closed(),
  },
  {
    does: 'does not begin TLS after STARTTLS',
    port: 'submission',
    finds: ['tls.no-handshake'],
    talk: async (wire) => {
      await wire.hello();
      await wire.say('STARTTLS');
      await wire.closed();
    },
  },
];

const lmtp: Case[] = [
  {
    does: 'does not say LHLO',
    port: 'further',
    finds: ['ehlo.missing'],
    talk: async (wire) => {
      await wire.reply();
      await wire.say(ann);
      await wire.quit();
    },
  },
];

const groups: Group[] = [
  ['where LMTP is spoken', lmtp, { listen: ['lmtp://127.0.0.1:0'] }],
  ['where all is as usual', open],
  ['where time limits are short', quiet, {}, { limits: { idleMs: 300, silentTlsMs: 100, handshakeMs: 300 } }],
];

describeGroups(groups);
