// How a client introduces itself, how long it waits, and how it keeps a connection open for more than one message.
import { byClient } from './by-client.ts';

export const ehloName = byClient({
  nodemailer: `const transport = nodemailer.createTransport({ name: 'app.example.com' });`,
  emailjs: `const client = new SMTPClient({ host, domain: 'app.example.com' });`,
  'Python smtplib': `smtp = smtplib.SMTP(host, port, local_hostname="app.example.com")`,
  Django: `
# There is no setting: it takes socket.getfqdn(). Give the machine a whole name, or, early in the process:
from django.core.mail.utils import DNS_NAME
DNS_NAME._fqdn = "app.example.com"`,
  PHPMailer: `
$mail->Hostname = 'app.example.com'; // also the domain of Message-ID
$mail->Helo = 'app.example.com';`,
  WordPress: `
add_action('phpmailer_init', function ($mail) {
    $mail->Hostname = 'app.example.com';
    $mail->Helo = 'app.example.com';
});`,
  'Symfony Mailer or Laravel': `
# Symfony, in .env.local
MAILER_DSN="smtp://mail.example.com:587?local_domain=app.example.com"
# Laravel, in .env
MAIL_EHLO_DOMAIN=app.example.com`,
  'Ruby mail or ActionMailer': `config.action_mailer.smtp_settings = { domain: "app.example.com" }`,
  'Go net/smtp': `err := client.Hello("app.example.com") // before any other call`,
  'Jakarta Mail': `properties.put("mail.smtp.localhost", "app.example.com");`,
  Spring: `spring.mail.properties.mail.smtp.localhost=app.example.com`,
  MailKit: `client.LocalDomain = "app.example.com";`,
  lettre: `
use lettre::transport::smtp::extension::ClientId;
let mailer = SmtpTransport::relay(host)?.hello_name(ClientId::Domain("app.example.com".into())).build();`,
  Postfix: `smtp_helo_name = app.example.com`,
  msmtp: `domain app.example.com`,
  curl: `curl --url smtp://mail.example.com:587/app.example.com --mail-from app@example.test --mail-rcpt you@example.test --upload-file mail.eml`,
  swaks: `swaks --server mail.example.com --helo app.example.com --to you@example.test`,
});

export const timeouts = byClient({
  nodemailer: `
const transport = nodemailer.createTransport({
  connectionTimeout: 10_000, // default 2 minutes
  greetingTimeout: 10_000, // default 30 s
  socketTimeout: 600_000, // silence; servers may take 10 minutes behind the final dot
});`,
  emailjs: `const client = new SMTPClient({ host, timeout: 30_000 }); // default 5 s`,
  'Python smtplib': `smtp = smtplib.SMTP(host, port, timeout=30)  # default: none`,
  Django: `EMAIL_TIMEOUT = 30  # default: none`,
  PHPMailer: `
$mail->Timeout = 30; // default 300
$mail->getSMTPInstance()->Timelimit = 600; // for a reply, behind the final dot too`,
  WordPress: `
add_action('phpmailer_init', function ($mail) {
    $mail->Timeout = 30;
});`,
  'Symfony Mailer or Laravel': [
    'php',
    `
// Symfony: default_socket_timeout of php.ini, or
$transport->getStream()->setTimeout(30);
// Laravel, in config/mail.php, at mailers.smtp: 'timeout' => 30`,
  ],
  'Ruby mail or ActionMailer': `
config.action_mailer.smtp_settings = {
  open_timeout: 10, # Rails: 5
  read_timeout: 60 # Rails: 5, which is short behind the final dot
}`,
  'Go net/smtp': `
// net/smtp has none.
conn, err := net.DialTimeout("tcp", host+":587", 10*time.Second)
if err == nil {
	conn.SetDeadline(time.Now().Add(10 * time.Minute))
	client, err = smtp.NewClient(conn, host)
}`,
  'Jakarta Mail': `
// In ms; all three are infinite by default.
properties.put("mail.smtp.connectiontimeout", "10000");
properties.put("mail.smtp.timeout", "60000");
properties.put("mail.smtp.writetimeout", "60000");`,
  Spring: `
spring.mail.properties.mail.smtp.connectiontimeout=10000
spring.mail.properties.mail.smtp.timeout=60000
spring.mail.properties.mail.smtp.writetimeout=60000`,
  MailKit: `client.Timeout = 60_000; // ms; default 2 minutes`,
  'System.Net.Mail': `client.Timeout = 60_000; // ms; default 100 s, for Send alone`,
  lettre: `let mailer = SmtpTransport::relay(host)?.timeout(Some(Duration::from_secs(60))).build();`,
  Postfix: `
smtp_connect_timeout = 30s
smtp_data_done_timeout = 600s`,
  msmtp: `timeout 60`,
  curl: `curl --connect-timeout 10 --max-time 600 --url smtp://mail.example.com:587 --mail-from app@example.test --mail-rcpt you@example.test --upload-file mail.eml`,
  swaks: `swaks --server mail.example.com --timeout 60 --to you@example.test`,
});

export const pool = byClient({
  nodemailer: `
// Made once, not for each message.
const transport = nodemailer.createTransport({ pool: true, maxConnections: 2, maxMessages: 100 });`,
  emailjs: `// Make one SMTPClient, and call its sendAsync for each message.`,
  'Python smtplib': `
with smtplib.SMTP(host, port, timeout=30) as smtp:
    for mail in mails:
        smtp.send_message(mail)`,
  Django: `
with get_connection() as connection:
    connection.send_messages(mails)`,
  PHPMailer: `
$mail->SMTPKeepAlive = true;
foreach ($recipients as $address) {
    $mail->clearAddresses();
    $mail->addAddress($address);
    $mail->send();
}
$mail->smtpClose();`,
  'Symfony Mailer or Laravel': `
# The transport keeps its connection as long as the process lives: send from a queue worker.
# Symfony, in .env.local: a new connection after so many messages; a NOOP after so many seconds of silence.
MAILER_DSN="smtp://mail.example.com:587?restart_threshold=100&ping_threshold=30"`,
  'Ruby mail or ActionMailer': `
Net::SMTP.start(host, port) do |smtp|
  mails.each { |mail| smtp.send_message(mail.to_s, mail.from.first, mail.destinations) }
end`,
  'Go net/smtp': `
// smtp.SendMail connects for each message; a client does not.
for _, mail := range mails {
	client.Mail(mail.From) // then Rcpt, Data; Reset after a refusal
}
client.Quit()`,
  'Jakarta Mail': `
try (Transport transport = session.getTransport("smtp")) {
    transport.connect();
    for (MimeMessage mail : mails) {
        mail.saveChanges();
        transport.sendMessage(mail, mail.getAllRecipients());
    }
}`,
  Spring: ['java', `mailSender.send(mails); // one connection for all of the array`],
  MailKit: `
await client.ConnectAsync(host, port, SecureSocketOptions.StartTls);
foreach (var mail in mails)
    await client.SendAsync(mail);
await client.DisconnectAsync(true);`,
  'System.Net.Mail': `// Keep one SmtpClient for all messages, and Dispose it behind the last.`,
  lettre: `
let mailer = SmtpTransport::relay(host)?
    .pool_config(PoolConfig::new().max_size(2)) // the feature "pool"
    .build(); // once`,
  Postfix: `
default_destination_concurrency_limit = 2
smtp_connection_cache_on_demand = yes`,
});
