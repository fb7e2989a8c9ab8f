// Makes a message in MIME of what a call that sends mail describes.
import MailComposer from 'nodemailer/lib/mail-composer';

export interface Person {
  name: string;
  address: string;
}

export interface Attached {
  content: Buffer;
  filename: string;
  contentType?: string;
  cid?: string;
  contentDisposition: 'inline' | 'attachment';
}

export interface DescribedMail {
  from: Person;
  to: Person[];
  cc: Person[];
  replyTo: Person[];
  subject: string;
  text: string;
  html: string;
  attachments: Attached[];
  /** Further fields. */
  headers: Record<string, string>;
}

const addressForm = /^(?:"[^"\r\n]{1,64}"|[^\s@<>(),;:"]{1,256})@[^\s@<>(),;:"]{1,255}$/;
export const isMailAddress = (text: string): boolean => addressForm.test(text);
/** RFC 5322 §2.2. */
export const isFieldName = (text: string): boolean => /^[!-9;-~]{1,100}$/.test(text);

/** Undefined where it is no base64. Browsers' readAsDataURL() puts `data:image/png;base64,` in front. */
export function readBase64(text: string): Buffer | undefined {
  const base64 = text.slice(text.lastIndexOf(',') + 1).trim();
  const isGood = base64.length % 4 === 0 && /^[A-Za-z0-9+/\r\n]*={0,2}$/.test(base64);
  return isGood ? Buffer.from(base64, 'base64') : undefined;
}

const crlf = Buffer.from('\r\n');

export async function composeMail({ text, html, ...mail }: DescribedMail): Promise<Buffer> {
  const composer = new MailComposer({
    ...mail,
    ...(text === '' && html !== '' ? {} : { text }),
    ...(html === '' ? {} : { html }),
    ...{ disableFileAccess: true, disableUrlAccess: true, newline: 'windows' },
  });
  const built = await composer.compile().build();
  // A text that is all of the message gets a last line ending that nobody asked for.
  const isBare = mail.attachments.length === 0 && html === '' && !text.endsWith('\n');
  return isBare && built.subarray(-2).equals(crlf) ? built.subarray(0, -2) : built;
}
