// A message as MailHog shows it: https://github.com/mailhog/MailHog/blob/master/docs/APIv2/swagger-2.0.yaml.
import type { Message } from '../../../shared/message.ts';
import type { CompatParts } from '../parts.ts';
import { readContent, type Content } from './content.ts';

interface Path {
  Relays: string[] | null;
  Mailbox: string;
  Domain: string;
  Params: string;
}

export interface MailhogMessage {
  ID: string;
  From: Path;
  To: Path[];
  Content: Content;
  Created: string;
  MIME: Content['MIME'];
  Raw: { From: string; To: string[]; Data: string; Helo: string };
}

/** RFC 5321 §4.1.2: a source route stands before the mailbox. */
function pathOf(path: string): Path {
  const colon = path.startsWith('@') ? path.indexOf(':') : -1;
  const mailbox = path.slice(colon + 1);
  const at = mailbox.lastIndexOf('@');
  return {
    Relays: colon < 0 ? null : path.slice(0, colon).split(','),
    Mailbox: at < 0 ? mailbox : mailbox.slice(0, at),
    Domain: at < 0 ? '' : mailbox.slice(at + 1),
    Params: '',
  };
}

/** RFC 1123 with a numeric zone, as Go prints it. */
const goDate = (iso: string): string => new Date(iso).toUTCString().replace(/GMT$/, '+0000');

export async function mailhogMessage(
  parts: CompatParts,
  message: Message,
): Promise<MailhogMessage | undefined> {
  const body = await parts.store.findBody(message.id);
  if (body === undefined) return undefined;
  const { id, envelope, sessionId, receivedAt } = message;
  const session = sessionId === null ? undefined : await parts.store.findSessionSummary(sessionId);
  const helo = session?.clientName ?? '';
  const sent = (await body.bytes()).toString('utf8');
  // To MailHog the last line ending belongs to the dot behind it.
  const data = sent.replace(/\r\n$/, '');
  const { MIME, ...content } = readContent(sent);
  content.Body = content.Body.replace(/\r\n$/, '');
  content.Size = Buffer.byteLength(data);
  const { Headers } = content;
  const nameOf = (name: string): string =>
    Object.keys(Headers).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
  // What MailHog adds when it takes a message.
  Headers[nameOf('Message-ID')] ??= [id];
  const trace = `from ${helo} by mailscope (Mailscope)\r\n          id ${id}; ${goDate(receivedAt)}`;
  (Headers[nameOf('Received')] ??= []).push(trace);
  (Headers[nameOf('Return-Path')] ??= []).push(`<${envelope.from.address}>`);
  const to = envelope.to.map(({ address }) => address);
  return {
    ID: id,
    From: pathOf(envelope.from.address),
    To: to.map(pathOf),
    Content: { ...content, MIME: null },
    Created: receivedAt,
    MIME,
    Raw: { From: envelope.from.address, To: to, Data: data, Helo: helo },
  };
}
