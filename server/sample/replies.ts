// The replies of an SMTP server, one by one (RFC 5321 §4.2).
import type { Duplex } from 'node:stream';
import { MailscopeError } from '../../shared/errors.ts';

export interface SmtpReply {
  code: number;
  lines: string[];
}

const maxReplyBytes = 64 * 1024;

/** Ends where the server ends, and leaves the stream open: TLS may follow on it. */
export async function* readReplies(stream: Duplex): AsyncGenerator<SmtpReply> {
  let rest = '';
  let lines: string[] = [];
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    rest += chunk.toString('utf8');
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end).replace(/\r$/, '');
      rest = rest.slice(end + 1);
      const match = /^(\d{3})([ -]?)(.*)$/.exec(line);
      if (!match)
        throw new MailscopeError('unavailable', 'The server does not speak SMTP.', {
          hint: `It said: ${line.slice(0, 200)}`,
        });
      lines.push(match[3]!);
      if (match[2] === '-') continue;
      yield { code: Number(match[1]), lines };
      lines = [];
    }
    if (rest.length + lines.join('').length > maxReplyBytes)
      throw new MailscopeError('unavailable', 'The server sends a reply without end.', {
        hint: 'Check --host and --port.',
      });
  }
}
