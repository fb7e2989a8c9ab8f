// Mailtrap's calls that send: to the sandbox, and those of its other hosts, since here nothing is delivered anyway.
import { MailscopeError } from '../../../shared/errors.ts';
import { sendJson } from '../answers.ts';
import { readBody } from '../body.ts';
import {
  composeMail,
  isFieldName,
  isMailAddress,
  readBase64,
  type Attached,
  type DescribedMail,
  type Person,
} from '../compose.ts';
import type { CompatParts } from '../parts.ts';
import type { Call, Exchange } from '../router.ts';

type Fields = Record<string, unknown>;
type Outcome = { success: true; message_ids: string[] } | { success: false; errors: string[] };

/** As documented. */
const most = { requests: 500, recipients: 1000 };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value == null ? [] : [value]);

/** Reads what a request describes, and gathers what is wrong with it. */
class Reader {
  readonly errors: string[] = [];
  readonly #fields: Fields;
  constructor(fields: Fields) {
    this.#fields = fields;
  }

  text(name: string): string {
    const value = this.#fields[name];
    if (value != null && typeof value !== 'string') this.errors.push(`'${name}' must be a string`);
    return textOf(value);
  }

  people(name: string): Person[] {
    return listOf(this.#fields[name]).flatMap((one) => {
      const { email, name: shown } = isFields(one) ? one : {};
      if (isMailAddress(textOf(email))) return { name: textOf(shown), address: textOf(email) };
      this.errors.push(`'${name}' address is invalid: ${textOf(email).slice(0, 200)}`);
      return [];
    });
  }

  attachments(): Attached[] {
    return listOf(this.#fields.attachments).flatMap((one) => {
      const { content, filename, type, disposition, content_id: cid } = isFields(one) ? one : {};
      const bytes = typeof content === 'string' ? readBase64(content) : undefined;
      if (bytes === undefined) this.errors.push("'attachments' must have 'content' in base64");
      if (textOf(filename) === '') this.errors.push("'attachments' must have a 'filename'");
      return {
        content: bytes ?? Buffer.alloc(0),
        filename: textOf(filename),
        contentDisposition: disposition === 'inline' ? 'inline' : 'attachment',
        ...(textOf(type) === '' ? {} : { contentType: textOf(type) }),
        ...(textOf(cid) === '' ? {} : { cid: textOf(cid) }),
      };
    });
  }

  /** With those that Mailtrap makes of a category and variables. */
  headers(): Record<string, string> {
    const { headers, custom_variables: variables } = this.#fields;
    const found: Record<string, string> = {};
    for (const [name, value] of Object.entries(isFields(headers) ? headers : {}))
      if (isFieldName(name) && typeof value === 'string') found[name] = value;
      else this.errors.push(`'headers' has one that cannot be sent: ${name.slice(0, 100)}`);
    const category = this.text('category');
    if (category !== '') found['X-MT-Category'] = category;
    if (isFields(variables)) found['X-MT-Custom-Variables'] = JSON.stringify(variables);
    return found;
  }

  /** A template is kept at Mailtrap: what is here is its id and what it was to be filled with. */
  contents(): Pick<DescribedMail, 'subject' | 'text' | 'html'> {
    const [subject, text, html] = [this.text('subject'), this.text('text'), this.text('html')];
    const template = this.text('template_uuid');
    if (template !== '') {
      const variables = JSON.stringify(this.#fields.template_variables ?? {}, null, 2);
      return { subject: subject || `Template ${template}`, text: text || variables, html };
    }
    if (subject === '') this.errors.push("'subject' is required");
    if (text === '' && html === '') this.errors.push('must specify either text or html body');
    return { subject, text, html };
  }
}

export function mailtrapSendCalls(parts: CompatParts, { maxSize }: { maxSize: number }): Call[] {
  async function store(fields: Fields): Promise<Outcome> {
    const reader = new Reader(fields);
    const { errors } = reader;
    if (fields.from == null) errors.push("'from' is required");
    const [from] = reader.people('from');
    const [to, cc, bcc] = [reader.people('to'), reader.people('cc'), reader.people('bcc')];
    const recipients = [...to, ...cc, ...bcc].map(({ address }) => address);
    if (recipients.length === 0 && listOf(fields.to).length === 0) errors.push("'to' address is required");
    if (recipients.length > most.recipients)
      errors.push(`the message has more than ${most.recipients} recipients`);
    const described = {
      ...{ to, cc, replyTo: reader.people('reply_to') },
      ...{ ...reader.contents(), attachments: reader.attachments(), headers: reader.headers() },
    };
    if (from === undefined || errors.length > 0) return { success: false, errors };
    const raw = await composeMail({ from, ...described });
    if (raw.length > maxSize)
      return { success: false, errors: [`the message is over the limit of ${maxSize} bytes`] };
    try {
      const id = await parts.submit({ raw, from: from.address, to: recipients, user: null, tags: [] });
      const stored = await parts.store.findMessage(id);
      return { success: true, message_ids: [String(stored?.seq ?? id)] };
    } catch (error) {
      if (!(error instanceof MailscopeError) || error.code !== 'storage_full') throw error;
      return { success: false, errors: [error.message] };
    }
  }

  const reading =
    (answer: (fields: Fields) => Promise<object>) =>
    async (exchange: Exchange): Promise<void> => {
      const body = await readBody(exchange, maxSize);
      const { response } = exchange;
      const refuse = (error: string, status: number): void =>
        sendJson(response, { success: false, errors: [error] }, { status });
      if (!body.ok) return refuse(body.problem, body.status);
      if (!isFields(body.value)) return refuse('The body must be a JSON object.', 400);
      const outcome = await answer(body.value);
      sendJson(response, outcome, 'errors' in outcome ? { status: 400 } : {});
    };

  /** One after the other, so that they have the order in which they were given. */
  async function storeAll({ base, requests }: Fields): Promise<object> {
    if (!Array.isArray(requests) || requests.length === 0 || requests.length > most.requests)
      return { success: false, errors: [`'requests' must have 1 to ${most.requests} messages`] };
    const responses: Outcome[] = [];
    for (const one of requests)
      responses.push(await store({ ...(isFields(base) ? base : {}), ...(isFields(one) ? one : {}) }));
    return { success: true, responses };
  }

  return ['', '/:inbox'].flatMap((inbox): Call[] => [
    { method: 'POST', path: `/api/send${inbox}`, answer: reading(store) },
    { method: 'POST', path: `/api/batch${inbox}`, answer: reading(storeAll) },
  ]);
}
