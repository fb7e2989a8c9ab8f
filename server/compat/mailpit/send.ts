// POST /api/v1/send: a message described in JSON becomes one in MIME.
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Submission } from '../parts.ts';
import { asFields, FieldProblem, fieldOf, listOf, textOf, textsOf, type Fields } from './fields.ts';
import { cleanTag } from './tags.ts';

export type SendRequest = Omit<Submission, 'user'>;

interface Person {
  name: string;
  address: string;
}

const addressForm = /^(?:"[^"\r\n]{1,64}"|[^\s@<>(),;:"]{1,256})@[^\s@<>(),;:"]{1,255}$/;
const crlf = Buffer.from('\r\n');
const mostRecipients = 10_000;
const fixedHeaders = new Set(
  ['To', 'From', 'Cc', 'Bcc', 'Reply-To', 'Date', 'Subject', 'Content-Type', 'MIME-Version'].map((name) =>
    name.toLowerCase(),
  ),
);

function checkAddress(address: string, what: string): string {
  if (addressForm.test(address)) return address;
  throw new FieldProblem(`invalid ${what} address: ${address.slice(0, 200)}`);
}

const people = (fields: Fields, name: string, what: string): Person[] =>
  listOf(fields, name).map((entry) => {
    const person = asFields(entry, name);
    return { name: textOf(person, 'Name'), address: checkAddress(textOf(person, 'Email'), what) };
  });

interface Attached {
  content: Buffer;
  filename: string;
  contentType?: string;
  cid?: string;
  contentDisposition: 'inline' | 'attachment';
}

function attachmentOf(entry: unknown): Attached {
  const fields = asFields(entry, 'Attachments');
  const filename = textOf(fields, 'Filename');
  // readAsDataURL() of browsers puts "data:image/png;base64," in front.
  const text = textOf(fields, 'Content');
  const base64 = text.slice(text.lastIndexOf(',') + 1).trim();
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/\r\n]*={0,2}$/.test(base64))
    throw new FieldProblem(
      `error decoding base64 attachment "${filename.slice(0, 200)}": illegal base64 data`,
    );
  const contentType = textOf(fields, 'ContentType');
  const cid = textOf(fields, 'ContentID');
  return {
    content: Buffer.from(base64, 'base64'),
    filename,
    contentDisposition: cid === '' ? 'attachment' : 'inline',
    ...(contentType === '' ? {} : { contentType }),
    ...(cid === '' ? {} : { cid }),
  };
}

/** Tags say themselves what X-Tags is; without them it is a field like others. */
function headersOf(fields: Fields, hasTags: boolean): Record<string, string> {
  const given = asFields(fieldOf(fields, 'Headers'), 'Headers');
  for (const name of Object.keys(given)) {
    if (fixedHeaders.has(name.toLowerCase()) || (hasTags && /^x-tags$/i.test(name)))
      throw new FieldProblem(`cannot overwrite header: "${name}"`);
    if (!/^[!-9;-~]{1,100}$/.test(name))
      throw new FieldProblem(`invalid header name: "${name.slice(0, 100)}"`);
  }
  return Object.fromEntries(Object.keys(given).map((name) => [name, textOf(given, name)]));
}

/** Throws FieldProblem with what is wrong. */
export async function composeSend(body: unknown): Promise<SendRequest> {
  const fields = asFields(body);
  const sender = asFields(fieldOf(fields, 'From'), 'From');
  const from = { name: textOf(sender, 'Name'), address: textOf(sender, 'Email') };
  if (from.address === '') throw new FieldProblem('error building message: from not set');
  checkAddress(from.address, 'From');
  const to = people(fields, 'To', 'To');
  const cc = people(fields, 'Cc', 'Cc');
  const bcc = textsOf(fields, 'Bcc').map((address) => checkAddress(address, 'Bcc'));
  const replyTo = people(fields, 'ReplyTo', 'Reply-To');
  const recipients = [...to, ...cc].map(({ address }) => address).concat(bcc);
  if (recipients.length === 0)
    throw new FieldProblem('error building message: no recipients (to, cc, bcc) set');
  if (recipients.length > mostRecipients)
    throw new FieldProblem(`error building message: more than ${mostRecipients} recipients`);
  const tags = textsOf(fields, 'Tags')
    .map(cleanTag)
    .filter((tag) => tag !== '');
  const [text, html] = [textOf(fields, 'Text'), textOf(fields, 'HTML')];
  const composer = new MailComposer({
    ...{ from, to, cc, replyTo, subject: textOf(fields, 'Subject') },
    ...(text === '' && html !== '' ? {} : { text }),
    ...(html === '' ? {} : { html }),
    attachments: listOf(fields, 'Attachments').map(attachmentOf),
    headers: {
      ...(tags.length === 0 ? {} : { 'X-Tags': tags.join(', ') }),
      ...headersOf(fields, tags.length > 0),
    },
    ...{ disableFileAccess: true, disableUrlAccess: true, newline: 'windows' },
  });
  const built = await composer.compile().build();
  // A text that is all of the message gets a last line ending that nobody asked for.
  const isBare = composer.mail.attachments?.length === 0 && html === '' && !text.endsWith('\n');
  const raw = isBare && built.subarray(-2).equals(crlf) ? built.subarray(0, -2) : built;
  return { raw, from: from.address, to: recipients, tags };
}
