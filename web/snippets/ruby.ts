import { download, type Snippet } from './snippet.ts';

export const rails: Snippet = {
  id: 'rails',
  name: 'Ruby on Rails',
  group: 'Frameworks',
  also: 'ruby action mailer',
  blocks: [
    {
      file: 'config/environments/development.rb',
      text: `
config.action_mailer.delivery_method = :smtp
config.action_mailer.raise_delivery_errors = true
config.action_mailer.smtp_settings = {
  address: "{{host}}",
  port: {{port}},
[none]  enable_starttls: false,
[none]  enable_starttls_auto: false,
[starttls]  enable_starttls: true,
[implicit]  tls: true,
[login]  user_name: "{{user}}",
[login]  password: "{{password}}",
[login]  authentication: :plain,
  open_timeout: 5,
  read_timeout: 5
}
`,
    },
  ],
  trust: { file: 'Terminal', text: `${download}\nSSL_CERT_FILE=$PWD/{{ca}} bin/rails server` },
  notes: { starttls: 'Before Rails 7, enable_starttls_auto: true stands for enable_starttls.' },
};
