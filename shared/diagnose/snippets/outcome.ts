// How a program sees what happened: the dialogue of the client, and recipients that were refused while others were not.
import { byClient } from './by-client.ts';

export const debugLog = byClient({
  nodemailer: `const transport = nodemailer.createTransport({ logger: true, debug: true });`,
  emailjs: `
const client = new SMTPClient({ host });
client.smtp.debug(1);`,
  'Python smtplib': `smtp.set_debuglevel(1)`,
  Django: [
    'sh',
    `
# It has no setting. The debug server of smtplib, before anything is sent:
python manage.py shell -c 'import smtplib; smtplib.SMTP.debuglevel = 1; from django.core.mail import send_mail; send_mail("Hello", "It works.", None, ["you@example.test"])'`,
  ],
  PHPMailer: `
$mail->SMTPDebug = SMTP::DEBUG_CONNECTION; // 3
$mail->Debugoutput = 'error_log';`,
  WordPress: `
add_action('phpmailer_init', function ($mail) {
    $mail->SMTPDebug = 3;
    $mail->Debugoutput = 'error_log';
});
add_action('wp_mail_failed', fn ($error) => error_log($error->get_error_message()));`,
  'Symfony Mailer or Laravel': [
    'php',
    `
try {
    $mailer->send($email);
} catch (TransportExceptionInterface $error) {
    error_log($error->getDebug()); // the whole dialogue
}`,
  ],
  'Ruby mail or ActionMailer': `
smtp = Net::SMTP.new(host, port)
smtp.set_debug_output($stderr)`,
  'Go net/smtp': `
// net/smtp has none. See what it sends in the transcript of Mailscope, or wrap the connection of smtp.NewClient.`,
  'Jakarta Mail': `properties.put("mail.debug", "true"); // mail.debug.auth shows the login, too`,
  Spring: `spring.mail.properties.mail.debug=true`,
  MailKit: `using var client = new SmtpClient(new ProtocolLogger("smtp.log"));`,
  'System.Net.Mail': `
catch (SmtpException error) {
    Console.Error.WriteLine(error.StatusCode + " " + error.InnerException); // the cause is inside
}`,
  lettre: `
// Cargo.toml: lettre = { features = ["tracing"] }
tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).init();`,
  Postfix: `
debug_peer_list = mail.example.com
debug_peer_level = 2`,
  msmtp: ['sh', `msmtp --debug you@example.test < mail.eml`],
  curl: `curl --verbose --url smtp://localhost:1025 --mail-from app@example.test --mail-rcpt you@example.test --upload-file mail.eml`,
  swaks: `swaks --server localhost --port 1025 --to you@example.test # prints all of it`,
});

export const partialRefusal = byClient({
  nodemailer: `
const { accepted, rejected, rejectedErrors } = await transport.sendMail(mail);
if (rejected.length > 0) console.error(rejectedErrors);`,
  'Python smtplib': `
refused = smtp.send_message(mail)  # {'gone@example.com': (550, b'5.1.1 ...')}
if refused:
    log.error("not delivered to %s", refused)`,
  Django: `
# It does not tell of a recipient that was refused while another was not: send one message to each.
for address in addresses:
    EmailMessage(subject, body, sender, [address]).send()`,
  PHPMailer: `
try {
    $mail->send();
} catch (Exception $error) {
    // Thrown also where other recipients were accepted, and have the message.
    error_log($mail->ErrorInfo);
}`,
  'Symfony Mailer or Laravel': [
    'php',
    `
// Nothing is sent to anybody where one is refused: send one message to each.
foreach ($addresses as $address) {
    $mailer->send($email->to($address));
}`,
  ],
  'Ruby mail or ActionMailer': `
# Nothing is sent to anybody where one is refused: send one message to each.
addresses.each { |address| NoticeMailer.with(to: address).news.deliver_later }`,
  'Go net/smtp': `
// SendMail ends at the first that is refused; a client may go on with the others.
for _, address := range addresses {
	if err := client.Rcpt(address); err != nil {
		refused = append(refused, address)
	}
}`,
  'Jakarta Mail': `
properties.put("mail.smtp.sendpartial", "true");
try {
    Transport.send(mail);
} catch (SendFailedException error) {
    log.error("not delivered to " + Arrays.toString(error.getInvalidAddresses()));
}`,
  Spring: `spring.mail.properties.mail.smtp.sendpartial=true`,
  MailKit: `
class Client : SmtpClient {
    protected override void OnRecipientNotAccepted(
        MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        Console.Error.WriteLine($"{mailbox}: {response.Response}"); // and goes on with the others
}`,
  'System.Net.Mail': `
catch (SmtpFailedRecipientsException error) {
    foreach (var inner in error.InnerExceptions)
        Console.Error.WriteLine(inner.FailedRecipient + ": " + inner.StatusCode);
}`,
});
