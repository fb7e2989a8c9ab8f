// POST /api/v1/send: a message described in JSON becomes one in MIME.
import {
  composeMail,
  isFieldName,
  isMailAddress,
  readBase64,
  type Attached,
  type Person,
} from '../compose.ts';
import type { Submission } from '../parts.ts';
import { asFields, FieldProblem, fieldOf, listOf, textOf, textsOf, type Fields } from './fields.ts';
import { cleanTag } from './tags.ts';

export type SendRequest = Omit<Submission, 'user'>;

const mostRecipients = 10_000;
const fixedHeaders = new Set(
  ['To', 'From', 'Cc', 'Bcc', 'Reply-To', 'Date', 'Subject', 'Content-Type', 'MIME-Version'].map((name) =>
    name.toLowerCase(),
  ),
);

function checkAddress(address: string, what: string): string {
  if (isMailAddress(address)) return address;
  throw new FieldProblem(`invalid ${what} address: ${address.slice(0, 200)}`);
}

const people = (fields: Fields, name: string, what: string): Person[] =>
  listOf(fields, name).map((entry) => {
    const person = asFields(entry, name);
    return { name: textOf(person, 'Name'), address: checkAddress(textOf(person, 'Email'), what) };
  });

function attachmentOf(entry: unknown): Attached {
  const fields = asFields(entry, 'Attachments');
  const filename = textOf(fields, 'Filename');
  const content = readBase64(textOf(fields, 'Content'));
  if (content === undefined)
    throw new FieldProblem(
      `error decoding base64 attachment "${filename.slice(0, 200)}": illegal base64 data`,
    );
  const contentType = textOf(fields, 'ContentType');
  const cid = textOf(fields, 'ContentID');
  return {
    content,
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
    if (!isFieldName(name)) throw new FieldProblem(`invalid header name: "${name.slice(0, 100)}"`);
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
  const raw = await composeMail({
    ...{ from, to, cc, replyTo, subject: textOf(fields, 'Subject') },
    ...{ text: textOf(fields, 'Text'), html: textOf(fields, 'HTML') },
    attachments: listOf(fields, 'Attachments').map(attachmentOf),
    headers: {
      ...(tags.length === 0 ? {} : { 'X-Tags': tags.join(', ') }),
      ...headersOf(fields, tags.length > 0),
    },
  });
  return { raw, from: from.address, to: recipients, tags };
}
