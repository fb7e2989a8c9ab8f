// What sendmail makes of the text on its standard input: where it ends, whom its header names, and the fields that
// are taken out of it and put into it.
import { randomUUID } from 'node:crypto';
import { readAddressList } from './address-list.ts';

export interface SendmailMessage {
  /** Recipients that the header names. */
  recipients: string[];
  bytes: Buffer;
}

interface Field {
  /** In lower case. */
  name: string;
  /** With line endings, as written. */
  text: string;
}

const LF = 10;
const DOT = 46;

/** Where a line that holds but a dot begins, from `from` on, or -1. Such a line ends the message. */
export function findLoneDot(bytes: Buffer, from: number, isComplete: boolean): number {
  for (let at = bytes.indexOf(DOT, from); at >= 0; at = bytes.indexOf(DOT, at + 1)) {
    if (at > 0 && bytes[at - 1] !== LF) continue;
    const after = bytes.toString('latin1', at + 1, at + 3);
    if (after.startsWith('\n') || after === '\r\n' || (isComplete && (after === '' || after === '\r')))
      return at;
  }
  return -1;
}

/** The header in fields, and the offset of the body; a line that is no field ends the header, as an empty one does. */
function splitMessage(bytes: Buffer): { fields: Field[]; body: number } {
  const fields: Field[] = [];
  for (let start = 0; start < bytes.length;) {
    const lineFeed = bytes.indexOf(LF, start);
    const next = lineFeed < 0 ? bytes.length : lineFeed + 1;
    const line = bytes.toString('latin1', start, next);
    const name = /^([!-9;-~]+)[ \t]*:/.exec(line)?.[1];
    const last = fields.at(-1);
    if (/^\r?\n$/.test(line)) return { fields, body: next };
    if (/^[ \t]/.test(line) && last) last.text += line;
    else if (name !== undefined) fields.push({ name: name.toLowerCase(), text: line });
    // The envelope line of a mailbox file.
    else if (!/^>?From /.test(line) || start > 0) return { fields, body: start };
    start = next;
  }
  return { fields, body: bytes.length };
}

function recipientsOf(fields: Field[], domain: string): string[] {
  const resent = ['resent-to', 'resent-cc', 'resent-bcc'];
  // RFC 5322 §3.6.6: what is sent again goes to those alone.
  const names = fields.some(({ name }) => resent.includes(name)) ? resent : ['to', 'cc', 'bcc'];
  return fields
    .filter(({ name }) => names.includes(name))
    .flatMap(({ text }) => {
      // The bytes of a field may be UTF-8 (RFC 6532).
      const value = Buffer.from(text.slice(text.indexOf(':') + 1), 'latin1').toString('utf8');
      return readAddressList(value, domain);
    });
}

const encodeName = (name: string): string => {
  const clean = name.replace(/[\r\n]+/g, ' ');
  // RFC 2047 §2: an encoded word has at most 75 characters, so longer names become several.
  if (/[^ -~]/.test(clean))
    return (clean.match(/.{1,10}/gsu) ?? [])
      .map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`)
      .join(' ');
  return /^[\w !#$%&'*+/=?^`{|}~-]*$/.test(clean) ? clean : `"${clean.replace(/["\\]/g, '\\$&')}"`;
};

const localDate = (now: Date): string => {
  const minutes = -now.getTimezoneOffset();
  const pad = (value: number): string => String(Math.abs(value)).padStart(2, '0');
  const zone = `${minutes < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60))}${pad(minutes % 60)}`;
  const shifted = new Date(now.getTime() + minutes * 60_000).toUTCString();
  return shifted.replace('GMT', zone);
};

/**
 * From, Date and Message-ID are added where they are missing, as every sendmail does; with -t the Bcc fields leave
 * the message. The rest stays as it is.
 */
export function prepareMessage(
  bytes: Buffer,
  options: { sender: string; fullName: string | null; readsHeader: boolean; domain: string; now: Date },
): SendmailMessage {
  const { sender, fullName, readsHeader, domain, now } = options;
  const { fields, body } = splitMessage(bytes);
  const kept = readsHeader ? fields.filter(({ name }) => !/^(resent-)?bcc$/.test(name)) : fields;
  const newline = kept[0]?.text.endsWith('\r\n') ? '\r\n' : '\n';
  const has = (name: string): boolean => kept.some((field) => field.name === name);
  const added = [
    ...(has('from')
      ? []
      : [
          fullName
            ? `From: ${encodeName(fullName)} <${sender}>`
            : `From: ${sender || `MAILER-DAEMON@${domain}`}`,
        ]),
    ...(has('date') ? [] : [`Date: ${localDate(now)}`]),
    ...(has('message-id') ? [] : [`Message-ID: <${randomUUID()}@${domain}>`]),
  ].map((line) => Buffer.from(`${line}${newline}`));
  const header = kept.map(({ text }) => (text.endsWith('\n') ? text : `${text}${newline}`)).join('');
  return {
    recipients: recipientsOf(fields, domain),
    bytes: Buffer.concat([
      Buffer.from(header, 'latin1'),
      ...added,
      Buffer.from(newline),
      bytes.subarray(body),
    ]),
  };
}
