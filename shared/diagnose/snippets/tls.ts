// Which way of TLS a client takes: none, STARTTLS, or from the first byte.
import { byClient } from './by-client.ts';

export const noTls = byClient({
  nodemailer: `
const transport = nodemailer.createTransport({
  host: 'localhost',
  port: 1025,
  secure: false,
  ignoreTLS: true,
});`,
  emailjs: `
const client = new SMTPClient({ host: 'localhost', port: 1025, ssl: false, tls: false });`,
  'Python smtplib': `
with smtplib.SMTP("localhost", 1025, timeout=10) as smtp:  # not SMTP_SSL, and no starttls()
    smtp.send_message(mail)`,
  Django: `
EMAIL_HOST = "localhost"
EMAIL_PORT = 1025
EMAIL_USE_TLS = False
EMAIL_USE_SSL = False`,
  PHPMailer: `
$mail->Port = 1025;
$mail->SMTPSecure = '';
$mail->SMTPAutoTLS = false;`,
  WordPress: `
add_action('phpmailer_init', function ($mail) {
    $mail->isSMTP();
    $mail->Host = 'localhost';
    $mail->Port = 1025;
    $mail->SMTPSecure = '';
    $mail->SMTPAutoTLS = false;
});`,
  'Symfony Mailer or Laravel': `
# Symfony, in .env.local (auto_tls from 7.1 on)
MAILER_DSN="smtp://localhost:1025?auto_tls=false"
# Laravel, in .env (before Laravel 11 MAIL_ENCRYPTION=null stands for MAIL_SCHEME)
MAIL_SCHEME=smtp
MAIL_PORT=1025
# and in config/mail.php, at mailers.smtp, since STARTTLS is used where it is offered otherwise:
# 'auto_tls' => false`,
  'Ruby mail or ActionMailer': `
config.action_mailer.smtp_settings = {
  address: "localhost",
  port: 1025,
  enable_starttls: false,
  enable_starttls_auto: false
}`,
  'Go net/smtp': `
// smtp.SendMail upgrades by itself where STARTTLS is offered; a client of one's own does not.
client, err := smtp.Dial("localhost:1025")`,
  'Jakarta Mail': `
properties.put("mail.smtp.port", "1025");
properties.put("mail.smtp.ssl.enable", "false");
properties.put("mail.smtp.starttls.enable", "false");`,
  Spring: `
spring.mail.port=1025
spring.mail.properties.mail.smtp.ssl.enable=false
spring.mail.properties.mail.smtp.starttls.enable=false`,
  MailKit: `await client.ConnectAsync("localhost", 1025, SecureSocketOptions.None);`,
  'System.Net.Mail': `using var client = new SmtpClient("localhost", 1025) { EnableSsl = false };`,
  lettre: `
// Dangerous with a server elsewhere: nothing is encrypted.
let mailer = SmtpTransport::builder_dangerous("localhost").port(1025).build();`,
  Postfix: `
relayhost = [localhost]:1025
smtp_tls_security_level = none
smtp_tls_wrappermode = no`,
  msmtp: `
port 1025
tls off`,
  curl: `curl --url smtp://localhost:1025 --mail-from app@example.test --mail-rcpt you@example.test --upload-file mail.eml`,
  swaks: `swaks --server localhost --port 1025 --to you@example.test`,
});

export const starttls = byClient({
  nodemailer: `
const transport = nodemailer.createTransport({
  port: 587, // of Mailscope: 1587
  secure: false, // true is TLS from the first byte
  requireTLS: true,
});`,
  emailjs: `
const client = new SMTPClient({ host, port: 587, tls: true, ssl: false }); // of Mailscope: 1587`,
  'Python smtplib': `
with smtplib.SMTP(host, 587, timeout=10) as smtp:  # of Mailscope: 1587
    smtp.starttls(context=ssl.create_default_context())
    smtp.login(user, password)
    smtp.send_message(mail)`,
  Django: `
EMAIL_PORT = 587  # of Mailscope: 1587
EMAIL_USE_TLS = True
EMAIL_USE_SSL = False`,
  PHPMailer: `
$mail->Port = 587; // of Mailscope: 1587
$mail->SMTPSecure = PHPMailer::ENCRYPTION_STARTTLS;`,
  WordPress: `
add_action('phpmailer_init', function ($mail) {
    $mail->isSMTP();
    $mail->Port = 587; // of Mailscope: 1587
    $mail->SMTPSecure = 'tls';
});`,
  'Symfony Mailer or Laravel': `
# Symfony, in .env.local (require_tls from 7.3 on)
MAILER_DSN="smtp://user:password@mail.example.com:587?require_tls=true"
# Laravel, in .env (before Laravel 11 MAIL_ENCRYPTION=tls stands for MAIL_SCHEME)
MAIL_SCHEME=smtp
MAIL_PORT=587`,
  'Ruby mail or ActionMailer': `
config.action_mailer.smtp_settings = {
  address: "mail.example.com",
  port: 587, # of Mailscope: 1587
  enable_starttls: true # before Rails 7: enable_starttls_auto
}`,
  'Go net/smtp': `
client, err := smtp.Dial(host + ":587") // of Mailscope: 1587
if err == nil {
	err = client.StartTLS(&tls.Config{ServerName: host})
}`,
  'Jakarta Mail': `
properties.put("mail.smtp.port", "587"); // of Mailscope: 1587
properties.put("mail.smtp.starttls.enable", "true");
properties.put("mail.smtp.starttls.required", "true");
properties.put("mail.smtp.ssl.enable", "false");`,
  Spring: `
spring.mail.port=587
spring.mail.properties.mail.smtp.starttls.enable=true
spring.mail.properties.mail.smtp.starttls.required=true
spring.mail.properties.mail.smtp.ssl.enable=false`,
  MailKit: `await client.ConnectAsync(host, 587, SecureSocketOptions.StartTls); // of Mailscope: 1587`,
  'System.Net.Mail': `using var client = new SmtpClient(host, 587) { EnableSsl = true }; // of Mailscope: 1587`,
  lettre: `let mailer = SmtpTransport::starttls_relay(host)?.port(587).build(); // of Mailscope: 1587`,
  Postfix: `
relayhost = [mail.example.com]:587
smtp_tls_security_level = encrypt
smtp_tls_wrappermode = no`,
  msmtp: `
port 587
tls on
tls_starttls on`,
  curl: `curl --url smtp://mail.example.com:587 --ssl-reqd --mail-from app@example.test --mail-rcpt you@example.test --upload-file mail.eml`,
  swaks: `swaks --server mail.example.com --port 587 --tls --to you@example.test`,
});

export const implicitTls = byClient({
  nodemailer: `
const transport = nodemailer.createTransport({
  port: 465, // of Mailscope: 1465
  secure: true,
});`,
  emailjs: `const client = new SMTPClient({ host, port: 465, ssl: true }); // of Mailscope: 1465`,
  'Python smtplib': `
context = ssl.create_default_context()
with smtplib.SMTP_SSL(host, 465, timeout=10, context=context) as smtp:  # of Mailscope: 1465
    smtp.send_message(mail)`,
  Django: `
EMAIL_PORT = 465  # of Mailscope: 1465
EMAIL_USE_SSL = True
EMAIL_USE_TLS = False`,
  PHPMailer: `
$mail->Port = 465; // of Mailscope: 1465
$mail->SMTPSecure = PHPMailer::ENCRYPTION_SMTPS;`,
  WordPress: `
add_action('phpmailer_init', function ($mail) {
    $mail->isSMTP();
    $mail->Port = 465; // of Mailscope: 1465
    $mail->SMTPSecure = 'ssl';
});`,
  'Symfony Mailer or Laravel': `
# Symfony, in .env.local
MAILER_DSN="smtps://user:password@mail.example.com:465"
# Laravel, in .env (before Laravel 11 on port 465 only, with MAIL_ENCRYPTION=ssl)
MAIL_SCHEME=smtps
MAIL_PORT=465`,
  'Ruby mail or ActionMailer': `
config.action_mailer.smtp_settings = {
  address: "mail.example.com",
  port: 465, # of Mailscope: 1465
  tls: true # and no enable_starttls
}`,
  'Go net/smtp': `
conn, err := tls.Dial("tcp", host+":465", &tls.Config{ServerName: host}) // of Mailscope: 1465
if err == nil {
	client, err = smtp.NewClient(conn, host)
}`,
  'Jakarta Mail': `
properties.put("mail.smtp.port", "465"); // of Mailscope: 1465
properties.put("mail.smtp.ssl.enable", "true");
properties.put("mail.smtp.ssl.checkserveridentity", "true");
properties.put("mail.smtp.starttls.enable", "false");`,
  Spring: `
spring.mail.port=465
spring.mail.properties.mail.smtp.ssl.enable=true
spring.mail.properties.mail.smtp.ssl.checkserveridentity=true`,
  MailKit: `await client.ConnectAsync(host, 465, SecureSocketOptions.SslOnConnect); // of Mailscope: 1465`,
  'System.Net.Mail': `
// It has no TLS from the first byte. Take the port with STARTTLS, or MailKit.
using var client = new SmtpClient(host, 587) { EnableSsl = true };`,
  lettre: `let mailer = SmtpTransport::relay(host)?.port(465).build(); // of Mailscope: 1465`,
  Postfix: `
relayhost = [mail.example.com]:465
smtp_tls_security_level = encrypt
smtp_tls_wrappermode = yes`,
  msmtp: `
port 465
tls on
tls_starttls off`,
  curl: `curl --url smtps://mail.example.com:465 --mail-from app@example.test --mail-rcpt you@example.test --upload-file mail.eml`,
  swaks: `swaks --server mail.example.com --port 465 --tls-on-connect --to you@example.test`,
});
