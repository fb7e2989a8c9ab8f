import type { ErrorTexts } from './error-text.ts';

export const networkErrors: ErrorTexts = {
  'network.line-break-in-host': {
    texts: [
      ['Symfony Mailer or Laravel', 0.97, /with host "(?<host>[^"\n:]{1,200})(?:\\n|\\r|\n|\r)[^"]{0,20}"/],
      [null, 0.95, /(?:ENOTFOUND|EAI_AGAIN|lookup|getaddrinfo for) (?<host>[a-z0-9.-]{1,200})(?:\\n|%0A)/i],
    ],
  },
  'network.bad-address': {
    texts: [
      [
        'Symfony Mailer or Laravel',
        0.95,
        /The "(?<scheme>[^"\n]{1,50})" scheme is not supported(?:; supported schemes for mailer|(?<="(?:smtps?|tls|ssl|starttls|mail\w{0,10}|gmail|sendmail|[a-z]{2,30}\+[a-z]{3,5})" scheme is not supported))/,
      ],
      ['Symfony Mailer or Laravel', 0.95, /The mailer DSN (?:is invalid|must contain a (?:scheme|host))/],
      [
        null,
        0.97,
        /(?:ENOTFOUND|EAI_AGAIN|getaddrinfo for|lookup|host name|resolve host:?) "?(?:smtps?|tls|ssl):\/\//i,
      ],
      [null, 0.7, /could not be established with host "(?:smtps?|tls|ssl):\/\/(?:smtps?|tls|ssl)/],
    ],
  },
  'network.bad-port': {
    texts: [
      ['nodemailer', 0.97, /Port should be (?:>=|>) 0 and < 65536\. Received (?<port>[^\n]{1,80})/],
      ['nodemailer', 0.8, /^ERR_SOCKET_BAD_PORT$|\[ERR_SOCKET_BAD_PORT\]: Port/m],
      ['Python smtplib', 0.95, /Servname not supported for ai_socktype/],
      [null, 0.9, /(?<!InvalidURL: )nonnumeric port/],
      [
        'Go net/smtp',
        0.9,
        /dial tcp: (?:address \S{1,200} )?(?:lookup tcp\/\S{0,100}: )?(?:unknown port|invalid port|missing port in address)/,
      ],
      [
        'Jakarta Mail',
        0.9,
        /(?:port out of range|NumberFormatException: For input string)(?=[\s\S]{0,1500}\bmail\b)[^\n]{0,80}/,
      ],
    ],
  },
  'network.address-family': {
    texts: [
      ['nodemailer', 0.97, /connect ECONNREFUSED (?<host>::1):(?<port>\d{1,5})/],
      [
        null,
        0.95,
        /(?:ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL) (?<host>[0-9a-f]{0,4}:[0-9a-f:]{2,40}):(?<port>\d{1,5})/i,
      ],
      [
        'Go net/smtp',
        0.9,
        /dial tcp \[(?<host>[0-9a-f:]{2,45})\]:(?<port>\d{1,5}): connect: (?:network is unreachable|no route to host|cannot assign requested address|connection refused)/,
      ],
      [
        'Postfix',
        0.85,
        /connect to \S{1,200}\[(?<host>[0-9a-f]{0,4}:[0-9a-f:]{1,40})\]:(?<port>\d{1,5}): Network is unreachable/,
      ],
      [null, 0.5, /\bE(?:NETUNREACH|AFNOSUPPORT)\b|Address family not supported|Errno 97\b/],
    ],
  },
  'network.name-not-found': {
    texts: [
      ['nodemailer', 0.95, /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ?(?<host>[^\s"'`,;(){}]{0,253})/],
      ['nodemailer', 0.9, /queryA(?:AAA)? (?:ENOTFOUND|ENODATA|ESERVFAIL) (?<host>[^\s"',]{1,253})/],
      [
        'Python smtplib',
        0.9,
        /gaierror[^\n]{0,20}(?:Name or service not known|nodename nor servname|Temporary failure in name resolution|No address associated|getaddrinfo failed)/,
      ],
      [
        'Symfony Mailer or Laravel',
        0.95,
        /php_network_getaddresses: getaddrinfo (?:for (?<host>\S{1,253}) )?failed/,
      ],
      [
        'Ruby mail or ActionMailer',
        0.95,
        /(?:Socket::ResolutionError|SocketError)[^\n]{0,60}(?:Name or service not known|nodename nor servname|Temporary failure in name resolution|getaddrinfo)/,
      ],
      [
        'Go net/smtp',
        0.95,
        /lookup (?<host>\S{1,253})(?: on \S{1,80})?: (?:no such host|Temporary failure in name resolution|server misbehaving)/,
      ],
      ['Jakarta Mail', 0.95, /Unknown SMTP host: (?<host>[^\s;]{1,253})/],
      ['Jakarta Mail', 0.9, /java\.net\.UnknownHostException: (?<host>[^\s:;]{1,253})/],
      ['lettre', 0.95, /could not resolve to any address|failed to lookup address information/],
      [
        'System.Net.Mail',
        0.9,
        /The remote name could not be resolved: '?(?<host>[^\s']{0,253})|No such host is known|Name or service not known \((?<name>[^\s)]{1,253})\)/,
      ],
      ['curl', 0.95, /Could not resolve host: (?<host>[^\s;]{1,253})/],
      ['msmtp', 0.95, /cannot locate host (?<host>[^\s:]{1,253})/],
      [
        'Postfix',
        0.95,
        /Host or domain name not found\. Name service error for name=(?<host>\S{1,253}) type=/,
      ],
      ['swaks', 0.9, /Error connecting[^\n]{0,200}(?:Name or service not known|Bad hostname)/],
      [
        null,
        0.7,
        /Name or service not known|nodename nor servname provided|Temporary failure in name resolution|No such host is known/,
      ],
    ],
  },
  'network.refused': {
    texts: [
      ['nodemailer', 0.95, /connect ECONNREFUSED (?<host>[^\s:]{1,253}|::1):(?<port>\d{1,5})/],
      [
        'Symfony Mailer or Laravel',
        0.95,
        /Unable to connect to (?:tcp:\/\/|ssl:\/\/|tls:\/\/)?(?<host>[^\s:]{1,253}):(?<port>\d{1,5}) \(Connection refused\)/,
      ],
      [
        'Ruby mail or ActionMailer',
        0.95,
        /ECONNREFUSED[^\n]{0,60}connect\(2\) for "(?<host>[^"\n]{1,253})" port (?<port>\d{1,5})/,
      ],
      [
        'Go net/smtp',
        0.95,
        /dial tcp (?<host>[^\s:[\]]{1,253}):(?<port>\d{1,5}): connect: connection refused/,
      ],
      ['Jakarta Mail', 0.6, /Couldn't connect to host, port: (?<host>[^\s,]{0,253}), (?<port>-?\d{1,5})/],
      ['PHPMailer', 0.9, /SMTP code: 111 Additional SMTP info: Connection refused/],
      ['msmtp', 0.95, /cannot connect to (?<host>[^\s,]{1,253}), port (?<port>\d{1,5}): Connection refused/],
      [
        'curl',
        0.9,
        /(?:Failed to connect to|connect to) (?<host>[^\s:]{1,253}) port (?<port>\d{1,5})[^\n]{0,60}(?:Connection refused|Couldn't connect|Could not connect)/,
      ],
      ['curl', 0.8, /curl: \(7\)/],
      [
        'Postfix',
        0.95,
        /connect to (?<host>[^\s[]{1,253})\[[^\s\]]{1,60}\]:(?<port>\d{1,5}): Connection refused/,
      ],
      [
        'System.Net.Mail',
        0.85,
        /(?:No connection could be made because the target machine actively refused it|Connection refused) ?\[?(?<host>[^\s\]:]{0,253}):?(?<port>\d{0,5})/,
      ],
      ['swaks', 0.9, /Error connecting[^\n]{0,200}Connection refused/],
      [
        'Python smtplib',
        0.9,
        /ConnectionRefusedError|\[Errno (?:111|61)\] Connection refused|WinError 10061/,
      ],
      [null, 0.8, /\bECONNREFUSED\b|[Cc]onnection refused\b|actively refused/],
    ],
  },
  'network.timeout': {
    texts: [
      ['nodemailer', 0.95, /connect ETIMEDOUT (?<host>[^\s:]{1,253}):(?<port>\d{1,5})/],
      ['nodemailer', 0.85, /Error: Connection timeout\b/],
      ['Ruby mail or ActionMailer', 0.9, /Net::OpenTimeout|Errno::ETIMEDOUT/],
      [
        'Go net/smtp',
        0.95,
        /dial tcp (?:\[?(?<host>[^\s\]]{1,253}?)\]?:(?<port>\d{1,5})): (?:i\/o timeout|connect: (?:connection|operation) timed out)/,
      ],
      [
        'Postfix',
        0.95,
        /connect to (?<host>[^\s[]{1,253})\[[^\s\]]{1,60}\]:(?<port>\d{1,5}): (?:Connection|Operation) timed out/,
      ],
      [
        'Python smtplib',
        0.8,
        /(?:\bTimeoutError|\bsocket\.timeout): (?:\[[^\]\n]{1,40}\] )?[^\n]{0,30}timed out|WinError 10060|\[Errno (?:110|60)\]/,
      ],
      [
        'Symfony Mailer or Laravel',
        0.95,
        /Unable to connect to (?:tcp:\/\/|ssl:\/\/|tls:\/\/)?(?<host>[^\s:]{1,253}):(?<port>\d{1,5}) \((?:Connection|Operation) timed out\)/,
      ],
      ['PHPMailer', 0.9, /SMTP code: 110 Additional SMTP info: (?:Connection|Operation) timed out/],
      [
        'Jakarta Mail',
        0.9,
        /SocketTimeoutException: [Cc]onnect timed out|ConnectException: (?:Connection|Operation) timed out/,
      ],
      [
        'curl',
        0.85,
        /Failed to connect to (?<host>\S{1,253}) port (?<port>\d{1,5})[^\n]{0,60}(?:[Tt]imed out|Timeout)|Connection timed out after \d{1,9} ms/,
      ],
      [
        'msmtp',
        0.95,
        /cannot connect to (?<host>[^\s,]{1,253}), port (?<port>\d{1,5}): (?:Connection|the operation) timed out/,
      ],
      [null, 0.6, /\bETIMEDOUT\b|[Cc]onnection timed out|connect timed out/],
    ],
  },
  'network.wrong-service': {
    texts: [
      [
        null,
        0.97,
        /(?:Invalid greeting\. response=|short response: |with message "|response: \[?|greeting: )(?:HTTP\/1|SSH-|\* OK|\+OK|220 \S{1,100} FTP)[^\n]{0,60}/,
      ],
      ['Python smtplib', 0.95, /SMTPConnectError: \(-1, b?['"]\/?1\.[01] [^\n]{0,60}/],
      ['Ruby mail or ActionMailer', 0.85, /Net::SMTPUnknownError[^\n]{0,60}/],
      ['curl', 0.6, /Got unexpected smtp-server response: (?:[01]|2(?!20)|3)\d\d/],
    ],
  },
  'network.not-connected': {
    texts: [
      ['Python smtplib', 0.95, /please run connect\(\) first/],
      [
        'MailKit',
        0.95,
        /The (?:SmtpClient|ImapClient|MailTransport) is not connected|ServiceNotConnectedException/,
      ],
      ['Ruby mail or ActionMailer', 0.9, /IOError[^\n]{0,20}not yet started/],
      ['Jakarta Mail', 0.85, /IllegalStateException: Not connected(?=[\s\S]{0,1500}\bmail\b)/],
      ['System.Net.Mail', 0.8, /ObjectDisposedException[^\n]{0,200}SmtpClient/],
    ],
  },
};
