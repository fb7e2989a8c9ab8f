// How a message is made so that it has what it must have, in letters that arrive.
import { byClient } from './by-client.ts';

export const dateAndId = byClient({
  'Python smtplib': `
from email.utils import formatdate, make_msgid
mail["Date"] = formatdate(localtime=True)
mail["Message-ID"] = make_msgid(domain="example.com")`,
  Django: `# EmailMessage adds both. With smtplib of one's own: formatdate() and make_msgid() of email.utils.`,
  nodemailer: `
// It adds both, unless the message is given as raw.
await transport.sendMail({ from, to, subject, text, messageId: '<4711@example.com>' });`,
  emailjs: `client.send(new Message({ from, to, subject, text, 'message-id': '<4711@example.com>' }));`,
  PHPMailer: `
// It adds both; their domain is that of Hostname.
$mail->Hostname = 'example.com';`,
  'Ruby mail or ActionMailer': `
# The mail gem adds both. With Net::SMTP:
message = <<~MAIL
  Date: #{Time.now.rfc2822}
  Message-ID: <#{SecureRandom.uuid}@example.com>
  ...
MAIL`,
  'Go net/smtp': `
header := "Date: " + time.Now().Format(time.RFC1123Z) + "\\r\\n" +
	"Message-ID: <" + rand.Text() + "@example.com>\\r\\n" // crypto/rand, from Go 1.24 on`,
  'Jakarta Mail': `
mail.setSentDate(new Date());
mail.saveChanges(); // Message-ID; its domain is that of mail.from or mail.host`,
  Spring: ['java', `message.setSentDate(new Date()); // SimpleMailMessage; Message-ID is added`],
  MailKit: `
message.Date = DateTimeOffset.Now; // both are set by new MimeMessage()
message.MessageId = MimeUtils.GenerateMessageId("example.com");`,
  'System.Net.Mail': `message.Headers.Add("Message-ID", $"<{Guid.NewGuid()}@example.com>"); // Date is added`,
  lettre: `
let mail = Message::builder()
    .date_now()
    .message_id(None) // makes one
    .from(from)
    .to(to)
    .body(body)?;`,
  Postfix: `
# Adds Date and Message-ID to mail of these networks where they are missing.
local_header_rewrite_clients = permit_mynetworks`,
  msmtp: `
set_date_header auto
set_msgid_header auto`,
  curl: `
{ printf 'Date: %s\\r\\nMessage-ID: <%s@example.com>\\r\\n' "$(date -R)" "$(uuidgen)"; cat mail.eml; } |
  curl --url smtp://localhost:1025 --mail-from app@example.test --mail-rcpt you@example.test --upload-file -`,
  swaks: `swaks --server localhost --to you@example.test # its own message has both`,
});

export const charset = byClient({
  PHPMailer: `
$mail->CharSet = PHPMailer::CHARSET_UTF8; // before addresses and subject; the default is iso-8859-1
$mail->Encoding = PHPMailer::ENCODING_QUOTED_PRINTABLE;`,
  WordPress: `
// Settings, General: the site is in UTF-8 by default.
add_filter('wp_mail_charset', fn () => 'UTF-8');`,
  nodemailer: `
await transport.sendMail({
  from: { name: 'Jörg', address: 'joerg@example.com' }, // encodes the name, not the address
  subject,
  text, // in UTF-8, as quoted-printable or base64
});`,
  'Python smtplib': `
from email.headerregistry import Address
from email.message import EmailMessage
mail = EmailMessage()  # not MIMEText: encodes headers as it should
mail["From"] = Address("Jörg", "joerg", "example.com")
mail.set_content(text, cte="quoted-printable")`,
  Django: `EmailMessage(subject, body, '"Jörg" <joerg@example.com>', [to])  # DEFAULT_CHARSET is utf-8`,
  'Symfony Mailer or Laravel': [
    'php',
    `$email->from(new Address('joerg@example.com', 'Jörg'))->text($text); // UTF-8 unless another is given`,
  ],
  'Ruby mail or ActionMailer': `
mail = Mail.new(charset: "UTF-8", content_transfer_encoding: "quoted-printable")
mail.from = Mail::Address.new.tap { |a| a.address = "joerg@example.com"; a.display_name = "Jörg" }`,
  'Go net/smtp': `
subject := mime.QEncoding.Encode("utf-8", "Grüße")
from := (&mail.Address{Name: "Jörg", Address: "joerg@example.com"}).String()
// Content-Type: text/plain; charset=utf-8, Content-Transfer-Encoding: quoted-printable
writer := quotedprintable.NewWriter(body)`,
  'Jakarta Mail': `
mail.setFrom(new InternetAddress("joerg@example.com", "Jörg", "UTF-8"));
mail.setSubject(subject, "UTF-8");
mail.setText(text, "UTF-8");`,
  Spring: `spring.mail.default-encoding=UTF-8`,
  MailKit: `
message.From.Add(new MailboxAddress("Jörg", "joerg@example.com"));
message.Body = new TextPart("plain") { Text = text }; // UTF-8`,
  'System.Net.Mail': `
message.SubjectEncoding = message.HeadersEncoding = message.BodyEncoding = Encoding.UTF8;
message.BodyTransferEncoding = TransferEncoding.QuotedPrintable;`,
  curl: `
# Encoded by hand: curl sends the bytes as they are.
printf 'Subject: =?utf-8?B?%s?=\\r\\n' "$(printf %s "$subject" | base64 -w0)"`,
});
