// User and password. What is written is YOUR_USER and YOUR_PASSWORD: secrets come from the environment.
import { byClient } from './by-client.ts';

export const login = byClient({
  nodemailer: `
const transport = nodemailer.createTransport({
  auth: { user: process.env.SMTP_USER, pass: process.env.SMTP_PASSWORD },
});`,
  emailjs: `
const client = new SMTPClient({ host, user: process.env.SMTP_USER, password: process.env.SMTP_PASSWORD });`,
  'Python smtplib': `smtp.login(os.environ["SMTP_USER"], os.environ["SMTP_PASSWORD"])  # behind starttls()`,
  Django: `
EMAIL_HOST_USER = os.environ["SMTP_USER"]
EMAIL_HOST_PASSWORD = os.environ["SMTP_PASSWORD"]`,
  PHPMailer: `
$mail->SMTPAuth = true;
$mail->AuthType = ''; // or 'PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'
$mail->Username = getenv('SMTP_USER');
$mail->Password = getenv('SMTP_PASSWORD');`,
  WordPress: `
add_action('phpmailer_init', function ($mail) {
    $mail->SMTPAuth = true;
    $mail->Username = SMTP_USER; // of wp-config.php
    $mail->Password = SMTP_PASSWORD;
});`,
  'Symfony Mailer or Laravel': `
# Symfony, in .env.local: percent-encoded, e.g. %40 for @ and %2F for /
MAILER_DSN="smtp://YOUR_USER:YOUR_PASSWORD@mail.example.com:587"
# Laravel, in .env: in quotes; then php artisan config:clear
MAIL_USERNAME="YOUR_USER"
MAIL_PASSWORD="YOUR_PASSWORD"`,
  'Ruby mail or ActionMailer': `
config.action_mailer.smtp_settings = {
  user_name: ENV.fetch("SMTP_USER"),
  password: ENV.fetch("SMTP_PASSWORD"),
  authentication: :plain
}`,
  'Go net/smtp': `
// The host must be the one that was dialled; without TLS it works with localhost alone.
err := client.Auth(smtp.PlainAuth("", os.Getenv("SMTP_USER"), os.Getenv("SMTP_PASSWORD"), host))`,
  'Jakarta Mail': `
properties.put("mail.smtp.auth", "true");
Session session = Session.getInstance(properties, new Authenticator() {
    protected PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication(System.getenv("SMTP_USER"), System.getenv("SMTP_PASSWORD"));
    }
});`,
  Spring: `
spring.mail.username=\${SMTP_USER}
spring.mail.password=\${SMTP_PASSWORD}
spring.mail.properties.mail.smtp.auth=true`,
  MailKit: `
await client.AuthenticateAsync(
    Environment.GetEnvironmentVariable("SMTP_USER"), Environment.GetEnvironmentVariable("SMTP_PASSWORD"));`,
  'System.Net.Mail': `
client.UseDefaultCredentials = false; // before Credentials
client.Credentials = new NetworkCredential(user, password);`,
  lettre: `
let mailer = SmtpTransport::relay(host)?
    .credentials(Credentials::new(env::var("SMTP_USER")?, env::var("SMTP_PASSWORD")?))
    .build();`,
  Postfix: `
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd
smtp_sasl_security_options = noanonymous`,
  msmtp: `
auth on
user YOUR_USER
passwordeval "cat /run/secrets/smtp-password"`,
  curl: `curl --user "$SMTP_USER:$SMTP_PASSWORD" --ssl-reqd --url smtp://mail.example.com:587 --mail-from app@example.test --mail-rcpt you@example.test --upload-file mail.eml`,
  swaks: `swaks --server mail.example.com --port 587 --tls --auth PLAIN --auth-user "$SMTP_USER" --auth-password "$SMTP_PASSWORD" --to you@example.test`,
});
