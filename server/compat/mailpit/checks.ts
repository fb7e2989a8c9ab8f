// Mailpit's calls that check a message, hand it on, or draw a small picture of a part. Mailscope asks no other server
// and delivers nothing, and says so in the places where Mailpit's answers have room for it.
import type { Message } from '../../../shared/message.ts';
import { send, sendJson } from '../answers.ts';
import { readBody } from '../body.ts';
import type { CompatParts } from '../parts.ts';
import { readFull } from '../reading.ts';
import type { Call, Exchange } from '../router.ts';
import { refuse, refuseUnknown, resolveId } from './asking.ts';
import { blankJpeg } from './blank-jpeg.ts';
import { asFields, FieldProblem, textsOf } from './fields.ts';
import { linksOf } from './find-links.ts';
import { findPart } from './part-lists.ts';
import { textOf } from './shapes.ts';

const notChecked = 'not checked: Mailscope asks no other server';

async function linkCheckOf(parts: CompatParts, message: Message): Promise<object> {
  const links = linksOf(parts.overviewHtml(message.html ?? ''), await textOf(parts, message));
  // What has no status is an error to Mailpit too.
  return {
    Errors: links.length,
    Links: links.map((URL) => ({ URL, StatusCode: 0, Status: notChecked })),
  };
}

export function checkCalls(parts: CompatParts): Call[] {
  async function find(exchange: Exchange): Promise<Message | undefined> {
    const id = await resolveId(parts, exchange);
    const found = id === undefined ? undefined : await readFull(parts, id);
    if (found === undefined) refuseUnknown(exchange.response);
    return found;
  }

  /** To whom a message is to be released; undefined where it was refused. */
  async function readRelease(exchange: Exchange): Promise<string[] | undefined> {
    const { response } = exchange;
    const body = await readBody(exchange);
    if (!body.ok) return void refuse(response, body.problem, body.status);
    if (body.value === undefined) return void refuse(response, 'EOF');
    try {
      return textsOf(asFields(body.value), 'To');
    } catch (error) {
      if (!(error instanceof FieldProblem)) throw error;
      return void refuse(response, error.message);
    }
  }

  const isAddress = (text: string): boolean => {
    const [found, ...others] = parts.parseAddresses(text.slice(0, 1000));
    return others.length === 0 && /^[^@\s]+@[^@\s]+$/.test(found?.address ?? '');
  };

  return [
    {
      method: 'GET',
      path: '/api/v1/message/:id/html-check',
      async answer(exchange) {
        const message = await find(exchange);
        if (message === undefined) return;
        const { response } = exchange;
        if (!message.html) return refuse(response, 'message does not contain HTML');
        const styled = await parts.styleHtml(message.html);
        if (styled === undefined) return refuse(response, 'the HTML takes too long to check');
        const { checkHtml } = await import('./html-check.ts');
        sendJson(response, checkHtml(message.html, styled));
      },
    },
    {
      method: 'GET',
      path: '/api/v1/message/:id/link-check',
      async answer(exchange) {
        const message = await find(exchange);
        if (message) sendJson(exchange.response, await linkCheckOf(parts, message));
      },
    },
    {
      method: 'GET',
      path: '/api/v1/message/:id/sa-check',
      // The call is not there while no SpamAssassin is set up.
      answer: ({ response }) => refuseUnknown(response),
    },
    {
      method: 'POST',
      path: '/api/v1/message/:id/release',
      async answer(exchange) {
        const { response } = exchange;
        const message = await find(exchange);
        if (!message) return;
        const to = await readRelease(exchange);
        if (to === undefined) return;
        const wrong = to.find((address) => !isAddress(address));
        if (wrong !== undefined) return refuse(response, `Invalid email address: ${wrong}`);
        if (to.length === 0) return refuse(response, 'No valid addresses found');
        if (!message.headers.some(({ name }) => /^from$/i.test(name)))
          return refuse(response, 'Failed: unable to parse From header: mail: header not in message');
        refuse(response, 'SMTP error: no relay is configured: Mailscope delivers nothing');
      },
    },
    {
      method: 'GET',
      path: '/api/v1/message/:id/part/:part/thumb',
      async answer(exchange) {
        const { response, params } = exchange;
        const id = await resolveId(parts, exchange);
        const found = id === undefined ? undefined : await readFull(parts, id);
        if (found === undefined) return refuse(response, 'message not found');
        const part = findPart(found.structure, params.part!);
        if (part === undefined) return refuse(response, 'attachment not found');
        const name = part.filename ?? part.contentId ?? `part-${part.path}`;
        response.setHeader('Content-Disposition', parts.contentDisposition('inline', name));
        send(response, blankJpeg, { type: 'image/jpeg' });
      },
    },
  ];
}
