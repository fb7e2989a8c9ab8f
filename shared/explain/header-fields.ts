// Known header fields, as `name|meaning`, below the document that defines them.
export const headerFieldRows: Readonly<Record<string, string>> = {
  'RFC 5322 3.6.1': 'Date|When the message was written, by the clock of its author.',
  'RFC 5322 3.6.2': `From|Who wrote the message. This is what people see, and what DMARC is about.
Sender|Who sent it on behalf of several authors or of another.
Reply-To|Where answers are to go.`,
  'RFC 5322 3.6.3': `To|The main recipients, as people see them; the envelope decides who gets it.
Cc|Those who get a copy, as everybody sees.
Bcc|Those who get a copy unseen. It must not be in the message that is sent.`,
  'RFC 5322 3.6.4': `Message-ID|A name of this message that no other message in the world has.
In-Reply-To|The Message-ID of the message that this one answers.
References|The Message-IDs of the conversation, oldest first.`,
  'RFC 5322 3.6.5': `Subject|What it is about.
Comments|A remark for people.
Keywords|Words to find it by.`,
  'RFC 5322 3.6.6': `Resent-Date|When it was sent anew by a person.
Resent-From|Who sent it anew.
Resent-Sender|Who sent it anew on behalf of another.
Resent-To|To whom it was sent anew.
Resent-Cc|Who got a copy of the new sending.
Resent-Bcc|Who got a copy of the new sending unseen.
Resent-Message-ID|The name of the new sending.`,
  'RFC 5321 4.4': `Received|One server that the message passed, and when. The newest stands on top.
Return-Path|The MAIL FROM of the envelope, added on delivery: where bounces go.`,
  'RFC 2045 4':
    'MIME-Version|The message is MIME, version 1.0. Without it, the Content- fields may be ignored.',
  'RFC 2045 5': 'Content-Type|What kind of data this is, and its charset or boundary.',
  'RFC 2045 6':
    'Content-Transfer-Encoding|How the bytes are written in lines: 7bit, quoted-printable, base64 or other.',
  'RFC 2045 7': 'Content-ID|A name of this part, to which HTML refers by cid:.',
  'RFC 2045 8': 'Content-Description|A description of this part for people.',
  'RFC 2183': 'Content-Disposition|Whether the part is shown inline or is an attachment, and its file name.',
  'RFC 2557': `Content-Location|The URL that this part had in its web page.`,
  'RFC 3282': `Content-Language|The language of the text.`,
  'RFC 1864': 'Content-MD5|A checksum of the decoded part.',
  'RFC 2369 3': `List-Help|How to get help about the mailing list.
List-Unsubscribe|How to leave the list, by a URL or by mail. Large providers demand it of bulk mail.
List-Subscribe|How to join the list.
List-Post|Where to write to the list.
List-Owner|How to reach its owner.
List-Archive|Where its messages are kept.`,
  'RFC 8058':
    'List-Unsubscribe-Post|With List-Unsubscribe=One-Click, the https URL of List-Unsubscribe works by one POST.',
  'RFC 2919': 'List-ID|The name of the mailing list, which does not change.',
  'RFC 5064': 'Archived-At|Where this very message is archived.',
  'RFC 6376': 'DKIM-Signature|A signature of a domain over the body and the named fields.',
  'RFC 4870': 'DomainKey-Signature|The forerunner of DKIM; obsolete.',
  'RFC 8601':
    'Authentication-Results|What a receiving host found of SPF, DKIM and DMARC. Only that of your own host counts.',
  'RFC 7208 9.1': 'Received-SPF|What a receiving host found of SPF.',
  'RFC 8617': `ARC-Seal|A seal of a forwarder over all ARC fields so far.
ARC-Message-Signature|A signature of a forwarder over the message as it passed on.
ARC-Authentication-Results|What a forwarder found of SPF, DKIM and DMARC before it changed the message.`,
  'RFC 3834': 'Auto-Submitted|Whether a program made it; answers to such mail must not be automatic.',
  'RFC 8098': `Disposition-Notification-To|Where a receipt for reading is wanted.
Original-Message-ID|The message that the receipt is about.
Original-Recipient|To whom it went before forwarding.`,
  'RFC 2156': `Importance|How important the author finds it: low, normal or high.
Priority|How urgent it is: normal, urgent or non-urgent.
Sensitivity|Whether it is personal, private or confidential.
Autoforwarded|A program forwarded it.
Autosubmitted|A program made it; the X.400 form.
Expires|After this time it means nothing.
Deferred-Delivery|Not to be delivered before this time.
Reply-By|An answer is wanted by this time.
Supersedes|Takes the place of another message.`,
  'RFC 1036': `Newsgroups|The newsgroups that it was posted to.
Followup-To|Where answers in news go.
Organization|The organisation of the author.
Lines|The number of lines of the body.`,
  'RFC 5536': `User-Agent|The program that wrote it.`,
  'RFC 8689 5': 'TLS-Required|With No, delivery matters more than encryption.',
  'RFC 7293':
    'Require-Recipient-Valid-Since|Deliver only if the mailbox has had the same owner since this time.',
  'RFC 9477': 'CFBL-Address|Where complaints about this mail are to be reported.',
  'RFC 9477 3': 'CFBL-Feedback-ID|What the sender needs to recognise the mail in a complaint.',
  'RFC 9228': 'Delivered-To|An address to which it was delivered; stops forwarding loops.',
  'BIMI draft': `BIMI-Selector|Which BIMI record holds the logo of the brand.
BIMI-Location|Where the logo was found, as the receiving host says.
BIMI-Indicator|The logo itself, as the receiving host found it.`,
  'Autocrypt 1.1': `Autocrypt|The OpenPGP key of the author.`,
  'Common practice': `Precedence|With bulk, list or junk, automatic answers are not wanted.
Errors-To|Where errors were to go; the envelope decides this now.
X-Mailer|The program that wrote it.
X-MimeOLE|The Microsoft library that wrote it.
X-Priority|How urgent it is, from 1 (highest) to 5.
X-Auto-Response-Suppress|Which automatic answers Exchange must not send.
X-Autoreply|It is an automatic answer.
X-Original-To|The envelope recipient before aliases, added by Postfix.
X-Envelope-From|The MAIL FROM of the envelope.
X-Envelope-To|The RCPT TO of the envelope.
X-Originating-IP|The IP address from which a web mail user wrote.
X-Sender|The account that sent it.
X-Tags|Tags for the message, separated by commas; Mailpit and Mailscope show them.
X-Loop|Marks what passed a program, to stop loops.
X-BeenThere|Marks what passed a mailing list, to stop loops.
X-Mailman-Version|The Mailman that runs the list.
X-Report-Abuse|Where to complain about it.
X-Complaints-To|Where to complain about it.
X-Status|Marks of a mailbox file: answered, flagged, draft.
Status|Marks of a mailbox file: read, old.
X-Confirm-Reading-To|Where a receipt for reading is wanted; the old form.
Return-Receipt-To|Where a receipt for delivery is wanted; the old form.
X-PHP-Originating-Script|The PHP script that called mail(). It tells the inside of a server.
X-Authenticated-Sender|The account that logged in to send it.
X-Authentication-Warning|A sendmail doubts who sent it.
X-Entity-Ref-ID|Keeps Gmail from grouping it with others.
X-Campaign-ID|The campaign that it belongs to.
X-Virus-Scanned|The virus scanner that saw it.
X-Spam-Status|Whether SpamAssassin takes it for spam, and by which rules.
X-Spam-Score|The points of a spam filter.
X-Spam-Level|The points of a spam filter as stars.
X-Spam-Flag|YES if a spam filter takes it for spam.
X-Spam-Report|What a spam filter found.
Thread-Topic|The subject of the conversation, by Outlook.
Thread-Index|The place in the conversation, by Outlook.
X-Unsent|With 1, Outlook opens it as a draft.`,
  Google: `X-Gmail-Labels|The labels of an exported Gmail message.
X-Google-DKIM-Signature|A second signature, private to Gmail.
X-Received|One more Received line, private to Google.
Feedback-ID|Names the campaign and sender in the complaint figures of Gmail, as a:b:c:sender.`,
  Microsoft: `X-MSMail-Priority|How urgent it is, in the words of Outlook.
X-MS-Has-Attach|Whether Exchange saw an attachment.
X-MS-TNEF-Correlator|Ties the message to its winmail.dat.
X-OriginatorOrg|The Microsoft 365 tenant that sent it.
X-Forefront-Antispam-Report|What the filter of Microsoft 365 found: SCL is the spam level, CAT the kind.
X-Microsoft-Antispam|More of what the filter of Microsoft 365 found.
X-MS-Exchange-Organization-SCL|The spam level, from -1 (trusted) to 9.
X-MS-Exchange-Organization-AuthAs|Whether Exchange takes the sender for internal.`,
  'Amazon SES': `X-SES-Outgoing|When and from which IP address SES sent it.
X-SES-Configuration-Set|The configuration set that SES is to use.
X-SES-Message-Tags|Tags for the events of SES.
X-SES-Source-ARN|The identity that allows this sender.
X-SES-Spam-Verdict|Whether SES took an incoming mail for spam.`,
  Mailgun: `X-Mailgun-Sid|The name of the message at Mailgun.
X-Mailgun-Tag|A tag for the statistics of Mailgun.
X-Mailgun-Variables|Own data that Mailgun gives back in its events.
X-Mailgun-Drop-Message|With yes, Mailgun takes it and sends nothing.`,
  SendGrid: `X-SG-EID|The event name of SendGrid, encrypted.
X-SG-ID|The name of the message at SendGrid, encrypted.
X-SMTPAPI|Orders to SendGrid, in JSON; they must not reach a recipient.`,
  Postmark: `X-PM-Message-Id|The name of the message at Postmark.
X-PM-Message-Stream|The stream of Postmark to use.
X-PM-Tag|A tag for the statistics of Postmark.`,
  Mailchimp: `X-MC-Tags|Tags of Mailchimp Transactional.
X-MC-Template|The template that Mailchimp Transactional is to use.
X-Mandrill-User|The account of Mailchimp Transactional.`,
  Mailjet: `X-MJ-CustomID|Own name that Mailjet gives back.
X-Mailjet-Campaign|The campaign at Mailjet.`,
  SparkPost: `X-MSYS-API|Orders to SparkPost, in JSON.
X-MSFBL|What SparkPost needs to recognise it in a complaint.`,
  Brevo: `X-Sib-Id|The name of the message at Brevo.
X-Mailin-Tag|A tag for the statistics of Brevo.`,
  Mailtrap: `X-MT-Category|The category of the message at Mailtrap.
X-MT-Custom-Variables|Own data that Mailtrap gives back.`,
  Resend: 'Resend-Idempotency-Key|Keeps Resend from sending the same twice.',
};

/** By lower-case name: meaning and reference. */
export const headerFields: ReadonlyMap<string, readonly [meaning: string, reference: string]> = new Map(
  Object.entries(headerFieldRows).flatMap(([reference, rows]) =>
    rows.split('\n').map((row) => {
      const bar = row.indexOf('|');
      return [row.slice(0, bar).toLowerCase(), [row.slice(bar + 1), reference]] as const;
    }),
  ),
);

/** Whole families of private fields, by how their name begins; the first that fits. */
export const headerFamilies: readonly (readonly [start: string, meaning: string, reference: string])[] = [
  ['x-ms-exchange-', 'Private to Exchange and Microsoft 365.', 'Microsoft'],
  ['x-microsoft-', 'Private to Microsoft 365.', 'Microsoft'],
  ['x-forefront-', 'Private to the filter of Microsoft 365.', 'Microsoft'],
  ['x-ms-', 'Private to Microsoft.', 'Microsoft'],
  ['x-google-', 'Private to Google.', 'Google'],
  ['x-gm-', 'Private to Gmail.', 'Google'],
  ['x-ses-', 'An order to, or a fact of, Amazon SES.', 'Amazon SES'],
  ['x-mailgun-', 'An order to, or a fact of, Mailgun.', 'Mailgun'],
  ['x-sg-', 'Private to SendGrid.', 'SendGrid'],
  ['x-pm-', 'An order to, or a fact of, Postmark.', 'Postmark'],
  ['x-mc-', 'An order to, or a fact of, Mailchimp.', 'Mailchimp'],
  ['x-mandrill-', 'Private to Mailchimp Transactional.', 'Mailchimp'],
  ['x-mj-', 'An order to Mailjet.', 'Mailjet'],
  ['x-mailjet-', 'An order to Mailjet.', 'Mailjet'],
  ['x-mt-', 'An order to Mailtrap.', 'Mailtrap'],
  ['x-sib-', 'Private to Brevo.', 'Brevo'],
  ['x-mailin-', 'An order to Brevo.', 'Brevo'],
  ['x-spam', 'What a spam filter found.', 'Common practice'],
  ['x-rspamd-', 'What Rspamd found.', 'Rspamd'],
  ['x-mozilla-', 'Private to Thunderbird.', 'Mozilla'],
  ['x-apple-', 'Private to Apple Mail.', 'Apple'],
  ['x-yahoo-', 'Private to Yahoo.', 'Yahoo'],
  ['x-ymail-', 'Private to Yahoo.', 'Yahoo'],
  ['x-proofpoint-', 'What a Proofpoint filter found.', 'Proofpoint'],
  ['x-mimecast-', 'What a Mimecast filter found.', 'Mimecast'],
  ['x-barracuda-', 'What a Barracuda filter found.', 'Barracuda'],
  ['x-ironport-', 'What a Cisco filter found.', 'Cisco'],
  ['x-amavis-', 'What the amavis filter found.', 'amavis'],
  ['x-github-', 'Private to GitHub.', 'GitHub'],
  ['x-gitlab-', 'Private to GitLab.', 'GitLab'],
  ['x-jira-', 'Private to Jira.', 'Atlassian'],
  ['x-mailman-', 'Private to the Mailman list software.', 'Mailman'],
  ['x400-', 'A relic of X.400.', 'RFC 2156'],
  ['resent-', 'Belongs to a new sending by a person.', 'RFC 5322 3.6.6'],
  ['list-', 'Belongs to a mailing list.', 'RFC 2369'],
  ['content-', 'Describes this part.', 'RFC 2045 9'],
];
