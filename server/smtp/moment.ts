// Where a session was when it ended, in the words of whoever reads why.
import { isRefusal } from '../../shared/session-failures.ts';
import { knownVerbs } from './command.ts';
import type { Connection } from './connection.ts';
import { explainMissedEnd } from './missed-end.ts';
import { whatTurnedAway } from './record/outcome.ts';

/** "after STARTTLS was refused with 502 ...", where the client gave up with that; goes behind a verb. */
export function tellTurnedAway({ session, marks }: Connection['recorder']): string | null {
  const refused = whatTurnedAway(session, marks);
  if (!refused || session.messages > 0) return null;
  const { code, enhanced, text } = refused.reply;
  const reason = text && ` (${text.replaceAll('\n', ' ')})`;
  const answer = `${enhanced ? `${code} ${enhanced}` : code}${reason}`;
  return refused.command === greetingCommand
    ? `after the greeting refused it with ${answer}`
    : `after ${refused.command} was refused with ${answer}`;
}

/** As a greeting that refuses the session is recorded. */
export const greetingCommand = 'CONNECT';

/** Nothing else is heard, and nothing is said, before that header. */
export const awaitsProxyHeader = ({ options, recorder }: Connection): boolean =>
  options.listener.proxy && recorder.session.proxy === null;

/** Where the content of a message, by DATA, was the last that came. */
function afterContent({ recorder, lastCommandLine, lastVerb }: Connection): string | null {
  const mail = recorder.session.transactions.at(-1);
  if (lastVerb !== '' || mail?.data?.line !== lastCommandLine) return null;
  if (!isRefusal(mail.reply)) return 'after a message';
  const { code, enhanced } = mail.reply;
  return `after a message that was refused with ${enhanced ? `${code} ${enhanced}` : code}`;
}

const isEmpty = (content: Connection['content']): boolean =>
  content?.scanner.size === 0 && content.last.length === 0;

/** Goes behind a verb: "The client left in the middle of mail 2, after RCPT." `cut`: its last line has no ending. */
export function momentOf(connection: Connection, cut = false): string {
  const { recorder, transactions, lastVerb } = connection;
  const { session, phase } = recorder;
  if (awaitsProxyHeader(connection))
    return 'before a whole PROXY protocol header had come, which this listener expects (proxy=true)';
  const { current } = transactions;
  // What is no command may be a secret.
  const isKnown = knownVerbs.has(lastVerb);
  if (cut) {
    const during = phase === 'auth' ? 'during the login, ' : '';
    const place = current ? `in the middle of mail ${current.n}, ` : during;
    return `${place}with its last line${isKnown ? `, ${lastVerb},` : ''} cut off before its line ending`;
  }
  if (phase === 'handshake') return 'during the TLS handshake';
  if (phase === 'auth') return 'during the login';
  const last = isKnown ? lastVerb : 'its last command';
  if (current?.data) return `after the whole content of mail ${current.n}, before an answer to it`;
  if (current && lastVerb === '') {
    const { content } = connection;
    // It was gone when we let it begin.
    if (connection.leftInPause && isEmpty(content)) return `in the middle of mail ${current.n}, after DATA`;
    return `while the content of mail ${current.n} was coming${content ? explainMissedEnd(content) : ''}`;
  }
  if (current) return `in the middle of mail ${current.n}, after ${last}`;
  const turnedAway = tellTurnedAway(recorder);
  if (turnedAway) return turnedAway;
  if (session.commands === 0) return 'before its first command';
  return afterContent(connection) ?? `after ${last}`;
}
