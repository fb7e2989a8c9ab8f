// Names, ports and networks: what goes wrong before any SMTP. The sandbox never sees it; programs print it.
import type { Rule } from '../rule.ts';

export const networkRules: readonly Rule[] = [
  {
    id: 'network.line-break-in-host',
    title: 'There is a line break in the name of the host',
    stage: 'application',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The setting of the host ends in a line break, so that the name that is looked up does not exist. Password and port of the same source probably end in one, too.',
    causes: [
      'A secret or an environment variable was made with echo, which adds a line break.',
      'The value was read of a file without taking off its last line break.',
    ],
    fixes: [
      { text: 'Make the secret with printf %s or echo -n.' },
      { text: 'Trim the value where it is read.' },
    ],
    references: [],
  },
  {
    id: 'network.bad-address',
    title: 'The address of the server is not written as the client reads it',
    stage: 'application',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The client cannot read the address of the server: it has a scheme that is not known, or characters that must be encoded. No connection was made.',
    causes: [
      'A password with @, /, # or : stands in a URL (a DSN) without percent-encoding.',
      'A scheme such as smtp:// stands in a setting that takes a bare host name.',
      'The scheme is one that this client does not know, such as tls://.',
    ],
    fixes: [
      { text: 'Percent-encode user and password in a URL: %40 for @, %2F for /, %23 for #, %3A for :.' },
      { text: 'Give the bare name where a host is asked for, without smtp:// and without a port.' },
      {
        text: 'Take smtps:// for TLS from the first byte, and smtp:// for all else.',
        snippets: 'implicit-tls',
      },
    ],
    references: ['RFC 3986 2.1'],
  },
  {
    id: 'network.bad-port',
    title: 'The port is not one',
    stage: 'application',
    scope: 'application',
    severity: 'blocker',
    explanation: 'The setting of the port is no number from 1 to 65535. No connection was made.',
    causes: ['The setting is empty, is a text, or holds host and port together.'],
    fixes: [
      { text: 'Give the number alone: 1025, 1587 or 1465 of Mailscope; 587 or 465 of most providers.' },
    ],
    references: [],
  },
  {
    id: 'network.address-family',
    title: 'The client tried IPv6, and nothing answers there',
    stage: 'application',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The client tried to reach {place} by IPv6. Either nothing listens on that address, or this machine or container has no IPv6. A server on 127.0.0.1 is not on ::1.',
    causes: [
      'localhost is ::1 first, as Node 17 and newer take it, and the server listens on 127.0.0.1 only.',
      'The name has an IPv6 address, and the network has none.',
    ],
    fixes: [
      { text: 'Give 127.0.0.1 instead of localhost, or set the client to IPv4 (nodemailer: family: 4).' },
      { text: 'Let the server listen on both; Mailscope does so with --host localhost, the default.' },
    ],
    references: [],
  },
  {
    id: 'network.name-not-found',
    title: 'The name of the server is not found',
    stage: 'application',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'DNS does not know {host}, as asked from where the program runs. No connection was made, so there is no session to look at.',
    causes: [
      'The name is mistyped, or the setting is empty.',
      'It is the name of a container, and the program is not in the same network.',
      'The name is known inside a VPN only.',
    ],
    fixes: [
      { text: 'Check the setting, as the program prints it while it runs.' },
      {
        text: 'Between containers of one Compose file, give the name of the service; from a container to the machine around it, host.docker.internal.',
      },
    ],
    references: [],
  },
  {
    id: 'network.refused',
    title: 'Nothing listens at that address',
    stage: 'application',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The machine answered at once that nothing listens at {place}. There is a way to it, so neither firewall nor DNS is at fault.',
    causes: [
      'The server is not running, or listens on another port.',
      'The program runs in a container, where localhost and 127.0.0.1 are the container itself.',
      'The port that is published to the machine was given where containers speak to each other; there it is the inner port.',
    ],
    fixes: [
      { text: 'Start the server, and see which ports it prints: Mailscope takes 1025, 1587 and 1465.' },
      {
        text: 'From a container, give host.docker.internal as the host, and start Mailscope with --host 0.0.0.0 and --password or --open.',
      },
      { text: 'Between containers, give the name of the service and the port inside.' },
    ],
    references: [],
  },
  {
    id: 'network.timeout',
    title: 'The server cannot be reached in time',
    stage: 'application',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'No answer came from {place}, not even a refusal. Something on the way drops the packets: a firewall, or a provider that lets no mail out.',
    causes: [
      'The provider closes 25, and often 465 and 587, for outgoing connections: Railway, Hetzner, DigitalOcean, Google Cloud and Amazon EC2 do.',
      'A firewall of the network or of the machine drops it.',
      'The address belongs to a network that is not reached from here.',
    ],
    fixes: [
      { text: 'Try the port 2525, which many providers offer, or their API over HTTPS.' },
      { text: 'Ask the hosting provider to open the port.' },
      {
        text: 'Set a short time for connecting, so that the program says so soon.',
        snippets: 'timeouts',
      },
    ],
    references: [],
  },
  {
    id: 'network.wrong-service',
    title: 'What answers there is no mail server',
    stage: 'greeting',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'What answered at {place} does not speak SMTP: its greeting is that of another protocol, such as HTTP.',
    causes: ['The port is that of another service: 8025 is the page of Mailscope, 1025 its SMTP; 80, 22.'],
    fixes: [{ text: 'Give the SMTP port: 1025, 1587 or 1465 of Mailscope.' }],
    references: ['RFC 5321 4.2'],
  },
  {
    id: 'network.not-connected',
    title: 'The client is used without a connection',
    stage: 'application',
    scope: 'application',
    severity: 'error',
    explanation:
      'The program sends by a client object whose connection is not there: it was never made, or it ended before.',
    causes: [
      'The object is used again after quit, or after an error that closed the connection.',
      'The server closed an idle connection.',
      'The call that connects is missing.',
    ],
    fixes: [
      {
        text: 'Connect for each batch of messages, and keep the object no longer than that.',
        snippets: 'pool',
      },
    ],
    references: [],
  },
];
