import { download, type Snippet } from './snippet.ts';

export const nodemailer: Snippet = {
  id: 'nodemailer',
  name: 'Nodemailer',
  group: 'Languages',
  also: 'node javascript typescript express nest strapi',
  blocks: [
    {
      file: 'send.mjs',
      text: `
import nodemailer from 'nodemailer';

const transport = nodemailer.createTransport({
  host: '{{host}}',
  port: {{port}},
[none]  secure: false,
[none]  ignoreTLS: true,
[starttls]  secure: false,
[starttls]  requireTLS: true,
[implicit]  secure: true,
[login]  auth: { user: '{{user}}', pass: '{{password}}' },
});

await transport.sendMail({
  from: 'app@example.test',
  to: 'you@example.test',
  subject: 'Hello from Nodemailer',
  text: 'It works.',
});
`,
    },
  ],
  trust: {
    file: 'Terminal',
    text: `
${download}
NODE_EXTRA_CA_CERTS=$PWD/{{ca}} node send.mjs
`,
  },
  notes: {
    starttls: 'requireTLS makes it fail where STARTTLS is missing, instead of going on in clear.',
    implicit: 'secure: true is for TLS from the first byte only. On a STARTTLS port it fails.',
  },
};
