// Parts of a session as one line of text. No schemas here: the page has these at run time.
import type { Session } from './session.ts';
import type { EsmtpParameter, Reply } from './transaction.ts';

/** `550 5.1.1 No such mailbox`. */
export const formatReply = ({ code, enhanced, text }: Reply): string =>
  [code, enhanced, text.replaceAll('\n', ' ')].filter(Boolean).join(' ');

/** As it goes over the wire, without CRLF: code and status stand on each line (RFC 5321 4.2.1, RFC 2034 4). */
export function replyLines({ code, enhanced, text }: Reply): string[] {
  const lines = text.split('\n');
  const last = lines.length - 1;
  return lines.map((line, index) =>
    `${code}${index < last ? '-' : ' '}${enhanced ? `${enhanced} ` : ''}${line}`.trimEnd(),
  );
}

/** RFC 5321 4.1.1.11: keywords in either case. `keyword` in capitals. */
export const findParameter = (
  params: readonly EsmtpParameter[],
  keyword: string,
): EsmtpParameter | undefined => params.find(({ name }) => name.toUpperCase() === keyword);

/** `SIZE=1024`, `SMTPUTF8`. */
export const formatParameter = ({ name, value }: EsmtpParameter): string =>
  value === null ? name : `${name}=${value}`;

/** `127.0.0.1:4242`, `[::1]:4242`. Port 0 is one that XCLIENT did not tell. */
export function formatEndpoint({ address, port }: Session['peer']): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return port === 0 ? host : `${host}:${port}`;
}
