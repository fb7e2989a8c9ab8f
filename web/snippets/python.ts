import { download, type Snippet } from './snippet.ts';

const certFile = (command: string): string => `
${download}
SSL_CERT_FILE=$PWD/{{ca}} ${command}
`;

export const smtplib: Snippet = {
  id: 'smtplib',
  name: 'Python smtplib',
  group: 'Languages',
  also: 'script',
  blocks: [
    {
      file: 'send.py',
      text: `
import smtplib
[starttls|implicit]import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

mail = EmailMessage()
mail["From"], mail["To"] = "app@example.test", "you@example.test"
mail["Subject"] = "Hello from smtplib"
mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="example.test")
mail.set_content("It works.")

[none]with smtplib.SMTP("{{host}}", {{port}}, timeout=10) as smtp:
[starttls]with smtplib.SMTP("{{host}}", {{port}}, timeout=10) as smtp:
[starttls]    smtp.starttls(context=ssl.create_default_context())
[implicit]context = ssl.create_default_context()
[implicit]with smtplib.SMTP_SSL("{{host}}", {{port}}, timeout=10, context=context) as smtp:
[login]    smtp.login("{{user}}", "{{password}}")
    smtp.send_message(mail)
`,
    },
  ],
  trust: { file: 'Terminal', text: certFile('python3 send.py') },
  notes: { starttls: 'Without a context, starttls() does not verify the certificate at all.' },
};

export const django: Snippet = {
  id: 'django',
  name: 'Django',
  group: 'Frameworks',
  also: 'python',
  blocks: [
    {
      file: 'settings.py',
      text: `
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "{{host}}"
EMAIL_PORT = {{port}}
[none]EMAIL_USE_TLS = False
[none]EMAIL_USE_SSL = False
[starttls]EMAIL_USE_TLS = True
[implicit]EMAIL_USE_SSL = True
[login]EMAIL_HOST_USER = "{{user}}"
[login]EMAIL_HOST_PASSWORD = "{{password}}"
EMAIL_TIMEOUT = 10
`,
    },
    { file: 'Terminal', text: 'python manage.py sendtestemail you@example.test' },
  ],
  trust: { file: 'Terminal', text: certFile('python manage.py runserver') },
  notes: {
    starttls: 'EMAIL_USE_TLS is STARTTLS. EMAIL_USE_SSL is TLS from the first byte. Only one may be set.',
    implicit: 'EMAIL_USE_SSL is TLS from the first byte. EMAIL_USE_TLS is STARTTLS. Only one may be set.',
  },
};

export const flask: Snippet = {
  id: 'flask',
  name: 'Flask',
  group: 'Frameworks',
  also: 'python flask-mail',
  blocks: [
    {
      file: 'app.py',
      text: `
from flask import Flask
from flask_mail import Mail, Message

app = Flask(__name__)
app.config.update(
    MAIL_SERVER="{{host}}",
    MAIL_PORT={{port}},
[none]    MAIL_USE_TLS=False,
[none]    MAIL_USE_SSL=False,
[starttls]    MAIL_USE_TLS=True,
[implicit]    MAIL_USE_SSL=True,
[login]    MAIL_USERNAME="{{user}}",
[login]    MAIL_PASSWORD="{{password}}",
    MAIL_DEFAULT_SENDER="app@example.test",
)
mail = Mail(app)

with app.app_context():
    mail.send(Message("Hello from Flask", recipients=["you@example.test"], body="It works."))
`,
    },
  ],
  trust: { file: 'Terminal', text: certFile('flask run') },
  notes: {
    always: 'Uses the extension Flask-Mail.',
    starttls:
      'Flask-Mail gives smtplib no TLS context, so most versions encrypt without verifying the certificate.',
    implicit:
      'Flask-Mail gives smtplib no TLS context, so most versions encrypt without verifying the certificate.',
  },
};
