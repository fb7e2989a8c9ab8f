import { download, type Snippet } from './snippet.ts';

export const swaks: Snippet = {
  id: 'swaks',
  name: 'swaks',
  group: 'Command line',
  also: 'shell terminal',
  blocks: [
    {
      file: 'Terminal',
      text: `
swaks --server {{host}} --port {{port}} \\
[starttls]  --tls --tls-verify --tls-ca-path {{ca}} \\
[implicit]  --tls-on-connect --tls-verify --tls-ca-path {{ca}} \\
[login]  --auth PLAIN --auth-user {{user}} --auth-password {{password}} \\
  --from app@example.test --to you@example.test \\
  --header "Subject: Hello from swaks" --body "It works."
`,
    },
  ],
  trust: { file: 'Terminal', text: download },
};

export const curl: Snippet = {
  id: 'curl',
  name: 'curl',
  group: 'Command line',
  also: 'shell terminal libcurl',
  blocks: [
    {
      file: 'Terminal',
      text: `
printf '%s\\r\\n' 'From: app@example.test' 'To: you@example.test' \\
  'Subject: Hello from curl' '' 'It works.' |
[none]curl --url smtp://{{urlHost}}:{{port}} \\
[starttls]curl --url smtp://{{urlHost}}:{{port}} --ssl-reqd --cacert {{ca}} \\
[implicit]curl --url smtps://{{urlHost}}:{{port}} --cacert {{ca}} \\
[login]  --user {{user}}:{{password}} \\
  --mail-from app@example.test --mail-rcpt you@example.test --upload-file -
`,
    },
  ],
  trust: { file: 'Terminal', text: download },
  notes: { starttls: '--ssl-reqd makes it fail where STARTTLS is missing, instead of going on in clear.' },
};

export const msmtp: Snippet = {
  id: 'msmtp',
  name: 'msmtp',
  group: 'Command line',
  also: 'sendmail mutt cron',
  blocks: [
    {
      file: 'msmtprc',
      text: `
account default
host {{host}}
port {{port}}
from app@example.test
timeout 10
[none]tls off
[starttls|implicit]tls on
[starttls]tls_starttls on
[implicit]tls_starttls off
[starttls|implicit]tls_trust_file {{ca}}
[login]auth plain
[login]user {{user}}
[login]password {{password}}
[no-login]auth off
`,
    },
    {
      file: 'Terminal',
      text: `
chmod 600 msmtprc
printf 'To: you@example.test\\nSubject: Hello from msmtp\\n\\nIt works.\\n' |
  msmtp --file=msmtprc you@example.test
`,
    },
  ],
  trust: { file: 'Terminal', text: download },
  notes: { always: 'msmtp reads a file with a password only when nobody else may.' },
};

export const openssl: Snippet = {
  id: 'openssl',
  name: 'openssl s_client',
  group: 'Command line',
  also: 'tls certificate debug telnet',
  blocks: [
    {
      file: 'Terminal, then type SMTP',
      text: `
openssl s_client -connect {{urlHost}}:{{port}} \\
[starttls]  -starttls smtp \\
  -CAfile {{ca}} -verify_return_error -verify_hostname {{name}} -servername {{name}} \\
  -quiet -crlf
`,
    },
    {
      file: 'What to type',
      text: `
EHLO app.example.test
[login]AUTH PLAIN {{plain}}
MAIL FROM:<app@example.test>
RCPT TO:<you@example.test>
DATA
Subject: Hello from openssl

It works.
.
QUIT
`,
    },
  ],
  trust: { file: 'Terminal', text: download },
  notes: {
    starttls: 'Without -quiet, a line that begins with R or Q is a command to openssl and not SMTP.',
    implicit: 'Without -quiet, a line that begins with R or Q is a command to openssl and not SMTP.',
  },
  cannot: { none: 's_client speaks only TLS. Choose a listener with TLS, or use telnet or nc for this one.' },
};
