// Writes the mail by which a server tells a sender that a message was not delivered: a delivery report (RFC 3464) in a
// multipart/report (RFC 6522), as the sender asked for it by the parameters of RFC 3461. Pure: nothing is sent here.
import { replyLines } from '../../shared/smtp-text.ts';
import type { EnvelopeAddress, EsmtpParameter, Reply } from '../../shared/transaction.ts';
import { isUtf8Address, parameterOf, readUtf8Address, readXtext } from './dsn-parameters.ts';
import { scanFields } from './header-fields.ts';
import { field, fitsLine, fold, oneLine, wrap } from './report-lines.ts';

export interface BouncedRecipient extends Pick<EnvelopeAddress, 'address' | 'params'> {
  /** 4xx: is delayed, and tried further; 5xx: has failed. */
  reply: Reply;
}

export interface BouncedMail {
  /** Of the server that reports. */
  host: string;
  from: Pick<EnvelopeAddress, 'address' | 'params'>;
  /** As the client called itself. */
  client: string | null;
  arrivedAt: Date;
  reportedAt: Date;
  /** At least one. */
  recipients: readonly BouncedRecipient[];
  /** What was sent; null where it is not there any more. */
  original: Buffer | null;
  /** Makes the boundary and the Message-ID, so that they are nowhere else. */
  unique: string;
}

/** Larger mail comes back as its header alone, whatever RET says: so do Postfix (50 kB) and Sendmail. */
export const maxReturned = 1024 * 1024;
const retryMs = 5 * 24 * 60 * 60 * 1000;

const dateOf = (at: Date): string => at.toUTCString().replace('GMT', '+0000');
const isPlain = (text: string): boolean => /^\p{ASCII}*$/u.test(text);

const isDelayed = ({ reply }: BouncedRecipient): boolean => reply.code < 500;
const statusOf = ({ code, enhanced }: Reply): string => enhanced ?? `${String(code)[0]}.0.0`;

const wireLines = (reply: Reply): string[] => replyLines(reply).map(oneLine);

const domainOf = (address: string): string => oneLine(address.slice(address.lastIndexOf('@') + 1));

/** ORCPT, for a report whose addresses are of the type; null for none. */
function originalOf(params: readonly EsmtpParameter[], type: string): string | null {
  const [kind, original] = parameterOf(params, 'ORCPT')?.split(/;(.*)/s) ?? [];
  if (original === undefined) return null;
  if (kind!.toLowerCase() !== 'utf-8') return `${readXtext(kind!)};${readXtext(original)}`;
  // RFC 6533 3: the form for 7 bits is for reports that are all ASCII.
  return `${kind!};${oneLine(type === 'utf-8' ? readUtf8Address(original) : original)}`;
}

function recipientFields(recipient: BouncedRecipient, { reportedAt }: BouncedMail, type: string): string[] {
  const { address, params, reply } = recipient;
  const [first = '', ...further] = wireLines(reply);
  const original = originalOf(params, type);
  const domain = address.includes('@') ? domainOf(address) : '';
  return [
    ...(original === null ? [] : [field('Original-Recipient', original)]),
    field('Final-Recipient', `${type}; ${oneLine(address)}`),
    `Action: ${isDelayed(recipient) ? 'delayed' : 'failed'}`,
    `Status: ${statusOf(reply)}`,
    ...(/^[\p{L}\d.-]+$/u.test(domain) ? [field('Remote-MTA', `dns; mx.${domain}`)] : []),
    fold('Diagnostic-Code', `smtp; ${first}`, ...further),
    `Last-Attempt-Date: ${dateOf(reportedAt)}`,
    ...(isDelayed(recipient)
      ? [`Will-Retry-Until: ${dateOf(new Date(reportedAt.getTime() + retryMs))}`]
      : []),
  ];
}

function messageFields({ host, from, client, arrivedAt }: BouncedMail): string[] {
  const envelopeId = parameterOf(from.params, 'ENVID');
  return [
    field('Reporting-MTA', `dns; ${host}`),
    ...(envelopeId === null ? [] : [field('Original-Envelope-Id', readXtext(envelopeId))]),
    ...(client === null ? [] : [field('Received-From-MTA', `dns; ${oneLine(client)}`)]),
    `Arrival-Date: ${dateOf(arrivedAt)}`,
  ];
}

function wordsFor({ host, recipients }: BouncedMail): string[] {
  const tell = (told: readonly BouncedRecipient[]): string[] =>
    told.flatMap(({ address, reply }) => [
      '',
      ...wrap(`<${oneLine(address)}>:`),
      ...wireLines(reply).flatMap((line) => wrap(`    ${line}`)),
    ]);
  const [failed, delayed] = [recipients.filter((one) => !isDelayed(one)), recipients.filter(isDelayed)];
  return [
    `This is the mail system at host ${host}, which simulates failures.`,
    ...(failed.length > 0 ? ['', 'Your message could not be delivered to:', ...tell(failed)] : []),
    ...(delayed.length > 0
      ? ['', 'Your message was not delivered yet, and is tried further, to:', ...tell(delayed)]
      : []),
  ];
}

/** The whole of it where a failure is told and RET does not ask for less (RFC 3461 4.3, 6.2). */
function returnedPart({
  from,
  recipients,
  original,
}: BouncedMail): { bytes: Buffer; isWhole: boolean } | null {
  if (original === null) return null;
  const isWhole =
    parameterOf(from.params, 'RET')?.toUpperCase() !== 'HDRS' &&
    original.length <= maxReturned &&
    recipients.some((one) => !isDelayed(one));
  if (isWhole) return { bytes: original, isWhole };
  const { bodyOffset } = scanFields(original, 0, { fields: 0, bytes: 0 }, () => false);
  return { bytes: original.subarray(0, Math.min(bodyOffset, maxReturned)), isWhole };
}

const crlf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\r\n`).join(''));

/** Never throws; what strangers sent cannot add a field or a part. */
export function writeBounce(mail: BouncedMail): Buffer {
  const { host, from, recipients, reportedAt, unique } = mail;
  const boundary = `=_bounce_${unique}`;
  const subject = recipients.every(isDelayed)
    ? 'Delayed Mail (still being retried)'
    : 'Undelivered Mail Returned to Sender';
  // RFC 6533: where something is not ASCII, the report is of the kind that may be so.
  const isGlobal = ![
    mail.client ?? '',
    ...[from, ...recipients].map(({ address }) => address),
    ...recipients.map(({ params }) => parameterOf(params, 'ORCPT') ?? '').filter(isUtf8Address),
    ...recipients.map(({ reply }) => reply.text),
  ].every(isPlain);
  const global = isGlobal ? 'global-' : '';
  const returned = returnedPart(mail);
  const encoded = (is8bit: boolean): string[] => (is8bit ? ['Content-Transfer-Encoding: 8bit'] : []);
  const isReturned8bit = returned?.bytes.some((byte) => byte > 127) ?? false;
  const returnedType = returned?.isWhole
    ? `message/${isGlobal ? 'global' : 'rfc822'}`
    : isGlobal
      ? 'message/global-headers'
      : 'text/rfc822-headers';
  const to = `To: <${oneLine(from.address)}>`;
  const head = crlf([
    `From: Mail Delivery System <MAILER-DAEMON@${host}>`,
    // It cannot be broken anywhere.
    fitsLine(to) ? to : 'To: undisclosed-recipients:;',
    `Subject: ${subject}`,
    `Date: ${dateOf(reportedAt)}`,
    `Message-ID: <${unique}@${host}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    ` boundary="${boundary}"`,
    ...encoded(isGlobal || isReturned8bit),
    '',
    'This is a MIME-encapsulated message.',
    '',
    `--${boundary}`,
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=utf-8',
    ...encoded(isGlobal),
    '',
    ...wordsFor(mail),
    '',
    `--${boundary}`,
    'Content-Description: Delivery report',
    `Content-Type: message/${global}delivery-status`,
    ...encoded(isGlobal),
    '',
    ...messageFields(mail),
    ...recipients.flatMap((one) => ['', ...recipientFields(one, mail, isGlobal ? 'utf-8' : 'rfc822')]),
    '',
    ...(returned
      ? [
          `--${boundary}`,
          `Content-Description: ${returned.isWhole ? 'Undelivered Message' : 'Undelivered Message Headers'}`,
          `Content-Type: ${returnedType}`,
          ...encoded(isReturned8bit),
          '',
        ]
      : []),
  ]);
  const end = crlf([...(returned ? [''] : []), `--${boundary}--`]);
  return Buffer.concat([head, returned?.bytes ?? Buffer.alloc(0), end]);
}
