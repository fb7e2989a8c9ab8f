// What runs beside an application: a relay, containers, a pipeline.
import { download, type Snippet } from './snippet.ts';

export const postfix: Snippet = {
  id: 'postfix',
  name: 'Postfix relay',
  group: 'Servers and pipelines',
  also: 'mta relayhost',
  blocks: [
    {
      file: '/etc/postfix/main.cf',
      text: `
relayhost = [{{name}}]:{{port}}
smtp_host_lookup = native
[none]smtp_tls_security_level = none
[starttls|implicit]smtp_tls_security_level = verify
[starttls|implicit]smtp_tls_verify_cert_match = {{name}}
[starttls|implicit]smtp_tls_CAfile = /etc/postfix/{{ca}}
[implicit]smtp_tls_wrappermode = yes
[login]smtp_sasl_auth_enable = yes
[login]smtp_sasl_password_maps = static:{{user}}:{{password}}
[login]smtp_sasl_security_options = noanonymous
`,
    },
    {
      file: 'Terminal',
      text: `
sudo postfix reload
printf 'Subject: Hello from Postfix\\n\\nIt works.\\n' | sendmail you@example.test
`,
    },
  ],
  trust: { file: 'Terminal', text: 'sudo curl -o /etc/postfix/{{ca}} {{url}}/api/ca.pem' },
  notes: {
    always:
      'Postfix does not match the certificate with an IP address, so the relay is given by name ({{host}}).',
  },
};

export const compose: Snippet = {
  id: 'docker-compose',
  name: 'Docker Compose',
  group: 'Servers and pipelines',
  also: 'container podman kubernetes host.docker.internal',
  blocks: [
    {
      file: 'compose.yaml',
      text: `
services:
  app:
    # The application in its container, Mailscope on the machine around it ({{host}}).
    extra_hosts:
      - "host.docker.internal:host-gateway"
    environment:
      SMTP_HOST: host.docker.internal
      SMTP_PORT: "{{port}}"
[none]      SMTP_TLS: "none"
[starttls]      SMTP_TLS: "starttls"
[implicit]      SMTP_TLS: "implicit"
[login]      SMTP_USER: "{{user}}"
[login]      SMTP_PASSWORD: "{{password}}"
[starttls|implicit]      NODE_EXTRA_CA_CERTS: /run/{{ca}}
[starttls|implicit]      SSL_CERT_FILE: /run/{{ca}}
[starttls|implicit]    volumes:
[starttls|implicit]      - ./{{ca}}:/run/{{ca}}:ro
`,
    },
  ],
  trust: { file: 'Terminal', text: download },
  notes: {
    always:
      'On Linux a container does not reach the loopback address of the machine. Start Mailscope with --host 0.0.0.0 --open there.',
    starttls:
      'SSL_CERT_FILE replaces the other CAs. Leave it out if the application also calls the internet.',
    implicit:
      'SSL_CERT_FILE replaces the other CAs. Leave it out if the application also calls the internet.',
  },
};

export const actions: Snippet = {
  id: 'github-actions',
  name: 'GitHub Actions',
  group: 'Servers and pipelines',
  also: 'ci pipeline workflow gitlab',
  blocks: [
    {
      file: '.github/workflows/test.yml',
      text: `
steps:
  - uses: actions/checkout@v4
  - uses: actions/setup-node@v4
    with:
      node-version: 22
  - name: Start Mailscope
    run: |
[none]      npx --yes mailscope --data :memory: --smtp-port {{port}} &
[starttls]      npx --yes mailscope --data :memory: --submission-port {{port}} &
[implicit]      npx --yes mailscope --data :memory: --smtps-port {{port}} &
      curl --silent --fail --retry 30 --retry-delay 1 --retry-connrefused http://127.0.0.1:8025/api/ready
[starttls|implicit]      curl --silent --fail -o {{ca}} http://127.0.0.1:8025/api/ca.pem
  - name: Test
    run: npm test
    env:
      SMTP_HOST: {{host}}
      SMTP_PORT: {{port}}
[login]      SMTP_USER: {{user}}
[login]      SMTP_PASSWORD: {{password}}
[starttls|implicit]      NODE_EXTRA_CA_CERTS: \${{ github.workspace }}/{{ca}}
`,
    },
  ],
  notes: {
    always: 'Read SMTP_HOST and SMTP_PORT where the application makes its transport.',
  },
};
