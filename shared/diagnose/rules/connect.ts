// Connections that never came to speak SMTP properly, or held on for too long.
import type { Rule } from '../rule.ts';

export const connectRules: readonly Rule[] = [
  {
    id: 'connect.port-probe',
    title: 'Somebody looked whether the port is open',
    stage: 'connect',
    scope: 'session',
    severity: 'info',
    explanation: 'A client from {peer} connected and left {when}. Health checks and port scans do so.',
    causes: [
      'A health check, a load balancer or a monitor.',
      'A client that was stopped while it connected.',
    ],
    fixes: [
      { text: 'Nothing is to be done. A check that sends EHLO and QUIT tells more than a bare connection.' },
    ],
    references: ['RFC 5321 3.1'],
  },
  {
    id: 'connect.http',
    title: 'An HTTP request came to a mail port',
    stage: 'connect',
    scope: 'session',
    severity: 'warning',
    explanation:
      'The client sent an HTTP request to port {port}, which speaks SMTP. It was told so, and the connection was closed.',
    causes: [
      'A browser, a health check or a webhook has the address of the mail port.',
      'The port of the web page and that of SMTP were mixed up, e.g. where ports are published from a container.',
    ],
    fixes: [
      { text: 'Point HTTP to the web port (--http-port, 8025 unless set), and mail to the SMTP port.' },
      { text: 'Have the health check open a TCP connection, or ask GET /api/status of the web port.' },
    ],
    references: ['RFC 5321 3.1'],
  },
  {
    id: 'connect.proxy-header',
    title: 'A PROXY protocol header came to a port that takes none',
    stage: 'connect',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'A proxy began the connection with a PROXY protocol header. This listener does not expect one and takes it for a wrong command.',
    causes: ['HAProxy, nginx, Traefik or a cloud load balancer in front is set to send it.'],
    fixes: [
      {
        text: 'Start Mailscope with --proxy, or give this listener proxy=true: --listen smtp://...?proxy=true.',
      },
      { text: 'Or turn it off in the proxy: send-proxy of HAProxy, proxy_protocol of nginx.' },
    ],
    references: [],
  },
  {
    id: 'connect.early-talker',
    title: 'The client spoke before the greeting',
    stage: 'greeting',
    scope: 'session',
    severity: 'warning',
    explanation:
      'The client sent bytes before the server had said 220. Mailscope takes that; Postfix and Exim may refuse the session for it, since spam programs do so.',
    causes: ['A script for nc or telnet, or a client written by hand, does not wait for replies.'],
    fixes: [
      { text: 'Wait for the 220 before EHLO, and for each reply before the next command.' },
      { text: 'In scripts, use swaks, msmtp or curl in place of nc.' },
    ],
    references: ['RFC 5321 4.3.1'],
    suppresses: ['mail.illegal-pipelining'],
  },
  {
    id: 'connect.too-many',
    title: 'There were too many connections at once',
    stage: 'greeting',
    scope: 'session',
    severity: 'error',
    explanation:
      'The connection was refused with 421, since as many as are allowed were open already. Real servers allow far fewer from one address, often 10 to 50.',
    causes: [
      'A connection is opened for each mail, and many mails are sent at once.',
      'Connections are not closed after use.',
    ],
    fixes: [
      { text: 'Use a pool of a few connections, and send several mails over each.', snippets: 'pool' },
      { text: 'For a load test, raise --max-connections, or the limit of open files (ulimit -n).' },
    ],
    references: ['RFC 5321 4.5.4.2'],
  },
  {
    id: 'connect.too-many-errors',
    title: 'The client made one error after the other',
    stage: 'connect',
    scope: 'session',
    severity: 'error',
    explanation:
      'The client went on sending commands that were refused, until the connection was closed with 421. It does not look at the replies, or sends what is no command.',
    causes: [
      'A message went on behind a line with a single dot, so that its rest was taken for commands: the client does not double leading dots.',
      'The client and the server are out of step, e.g. after a time limit of the client.',
    ],
    fixes: [
      { text: 'Look at the first error in the transcript: what follows is its consequence.' },
      { text: 'Double a dot at the beginning of a line of the message, as libraries do.' },
      { text: 'After a time limit, close the connection and begin anew.' },
    ],
    references: ['RFC 5321 4.5.2'],
  },
  {
    id: 'connect.idle',
    title: 'The client kept an idle connection until it was closed',
    stage: 'connect',
    scope: 'session',
    severity: 'info',
    explanation:
      'Nothing came for so long that the connection was closed with 421. A pool that does not notice fails with the next mail.',
    causes: [
      'A worker or a pool keeps its connection for later.',
      'The client waits for something else, e.g. a person at telnet.',
    ],
    fixes: [
      {
        text: 'Close connections that are not used, or let the pool test them before use.',
        snippets: 'pool',
      },
      { text: 'Mailscope waits as long as --idle-timeout says.' },
    ],
    references: ['RFC 5321 4.5.3.2'],
  },
];
