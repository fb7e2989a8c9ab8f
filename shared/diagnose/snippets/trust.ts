// How a client comes to trust the local CA, and so to verify as it does in production.
import { byClient } from './by-client.ts';

const download = 'curl -o mailscope-ca.pem http://127.0.0.1:8025/api/ca.pem';
const run = (command: string) => ['sh', `${download}\n${command.trim()}`] as const;

export const trustCa = byClient({
  nodemailer: run('NODE_EXTRA_CA_CERTS=$PWD/mailscope-ca.pem node app.js'),
  'Python smtplib': run('SSL_CERT_FILE=$PWD/mailscope-ca.pem python3 send.py'),
  Django: run('SSL_CERT_FILE=$PWD/mailscope-ca.pem python manage.py runserver'),
  PHPMailer: `
// or php.ini: openssl.cafile=/path/to/mailscope-ca.pem
$mail->SMTPOptions = ['ssl' => ['cafile' => __DIR__ . '/mailscope-ca.pem']];`,
  WordPress: `
add_action('phpmailer_init', function ($mail) {
    $mail->SMTPOptions = ['ssl' => ['cafile' => ABSPATH . 'mailscope-ca.pem']];
});`,
  'Symfony Mailer or Laravel': run(`
# Symfony
php -d openssl.cafile=$PWD/mailscope-ca.pem bin/console mailer:test you@example.test
# Laravel
php -d openssl.cafile=$PWD/mailscope-ca.pem artisan serve`),
  'Ruby mail or ActionMailer': run('SSL_CERT_FILE=$PWD/mailscope-ca.pem bin/rails server'),
  'Go net/smtp': run(`
# On Linux; Windows and macOS take it from their own store.
SSL_CERT_FILE=$PWD/mailscope-ca.pem go run .`),
  'Jakarta Mail': run(`
keytool -importcert -noprompt -alias mailscope -file mailscope-ca.pem \\
  -keystore mailscope.p12 -storetype PKCS12 -storepass changeit
java -Djavax.net.ssl.trustStore=mailscope.p12 -Djavax.net.ssl.trustStorePassword=changeit -jar app.jar`),
  Spring: run(`
keytool -importcert -noprompt -alias mailscope -file mailscope-ca.pem \\
  -keystore mailscope.p12 -storetype PKCS12 -storepass changeit
java -Djavax.net.ssl.trustStore=mailscope.p12 -Djavax.net.ssl.trustStorePassword=changeit -jar app.jar`),
  MailKit: `
// SSL_CERT_FILE=$PWD/mailscope-ca.pem dotnet run (Linux; else the store of the system)
client.CheckCertificateRevocation = false; // the local CA has no revocation list`,
  'System.Net.Mail': run(`
# On Linux; Windows and macOS take it from their own store.
SSL_CERT_FILE=$PWD/mailscope-ca.pem dotnet run`),
  lettre: `
let ca = Certificate::from_pem(&std::fs::read("mailscope-ca.pem")?)?;
let tls = TlsParameters::builder("localhost".into()).add_root_certificate(ca).build()?;
let mailer = SmtpTransport::builder_dangerous("localhost").port(1587).tls(Tls::Required(tls)).build();`,
  Postfix: `
smtp_tls_CAfile = /etc/postfix/mailscope-ca.pem
smtp_tls_security_level = verify
smtp_tls_verify_cert_match = localhost`,
  msmtp: `tls_trust_file /path/to/mailscope-ca.pem`,
  curl: `curl --cacert mailscope-ca.pem --ssl-reqd --url smtp://localhost:1587 --mail-from app@example.test --mail-rcpt you@example.test --upload-file mail.eml`,
  swaks: `swaks --server localhost --port 1587 --tls --tls-verify --tls-ca-path mailscope-ca.pem --to you@example.test`,
});
