// A connection in a few words, for a list: what came of it, or else why not.
import type { SessionSummary } from '../../../shared/session.ts';
import { plural } from '../../format.ts';

/** A client that leaves without QUIT after its last 250 does no harm; some always do, such as nodemailer. */
const leftHarmlessly = ({ outcome, ended, commands }: SessionSummary): boolean =>
  outcome === 'captured' && ended?.by === 'client' && ended.how === 'fin' && commands > 0;

/** How many kinds of anomalies are worth a warning. */
export const countWarnings = (session: SessionSummary): number =>
  Math.max(0, session.anomalies - (leftHarmlessly(session) ? 1 : 0));

/** By the id of the session, where there are any. */
export const warningsOf = (sessions: readonly SessionSummary[]): ReadonlyMap<string, number> =>
  new Map(sessions.flatMap((row) => (countWarnings(row) > 0 ? [[row.id, countWarnings(row)]] : [])));

const ways: Partial<Record<string, string>> = {
  quit: 'left with QUIT',
  fin: 'left without QUIT',
  rst: 'reset the connection',
};

/** So that one tells apart what one program sent again and again. */
function ofWhom({ messages, firstMail }: SessionSummary): string {
  if (firstMail === undefined) return '';
  const { from, to, recipients } = firstMail;
  const others = recipients > 1 ? ` and ${plural(recipients - 1, 'other')}` : '';
  return `${messages > 1 ? ', the first' : ''} from ${from || '<>'} to ${to}${others}`;
}

/** The last one. */
const loginTried = ({ mechanism, user }: SessionSummary): string =>
  `${mechanism === null ? 'A login' : `Login by ${mechanism}`}${user === null ? '' : ` as ${user}`}`;

/** A login, or a command, with the code of the reply to it; nothing where it is not known. */
function whatWasRefused(session: SessionSummary): string {
  const { outcome, refusal } = session;
  const isLogin = outcome === 'auth-failed' && (!refusal || refusal.command === 'AUTH');
  const what = isLogin ? loginTried(session) : refusal?.command;
  if (!what) return '';
  if (refusal?.cancelled) return `${what} was cancelled by the client`;
  return `${what} was refused${refusal ? ` with ${[refusal.code, refusal.enhanced].filter(Boolean).join(' ')}` : ''}`;
}

export function whatHappened(session: SessionSummary): string {
  const { outcome, ended, messages, commands, user } = session;
  const said = plural(commands, 'command');
  const as = user === null ? '' : `, logged in as ${user}`;
  const stored = messages === 0 ? '' : plural(messages, 'message');
  if (outcome === 'open') return `Running: ${stored || said}${as}`;
  if (outcome === 'captured') return `${stored}${ofWhom(session)}${as}`;
  const left = ended?.by === 'client' ? ways[ended.how] : undefined;
  const refused = whatWasRefused(session) || (outcome === 'refused' ? `${said}, nothing accepted` : '');
  if (refused && left) return `${refused}; ${left}`;
  if (outcome === 'no-command' && commands > 0 && left) return `${said}, no message; ${left}`;
  // Who is meant is clear in a list, and its first words are all that is read.
  const text = (ended?.text ?? '').replace(/^The client /, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
