// The facts of a session that explain why two clients fare differently, each as a half sentence.
import { isCancelled } from '../refusal.ts';
import type { Session } from '../session.ts';
import type { TlsHandshake } from '../tls.ts';
import type { TranscriptLine } from '../transcript.ts';

export interface Difference {
  fact: FactName;
  left: string;
  right: string;
  /** e.g. "The left logged in by PLAIN; the right did not log in." */
  text: string;
}

interface Recorded {
  session: Session;
  lines: TranscriptLine[];
}
type Fact = (recorded: Recorded) => string | null;

const list = (names: Iterable<string>): string => [...new Set(names)].slice(0, 30).join(', ');
const seconds = (us: number): string =>
  us >= 1_000_000 ? `${(us / 1e6).toFixed(1)} s` : `${(us / 1000).toFixed(us < 100_000 ? 1 : 0)} ms`;
const shakeOf = ({ session }: Recorded): TlsHandshake | undefined =>
  session.handshakes.find(({ ok }) => ok) ?? session.handshakes.at(-1);
const commandsOf = ({ lines }: Recorded): TranscriptLine[] =>
  lines.filter(({ from, kind }) => from === 'client' && (kind === 'command' || kind === 'auth'));

function gaveParameters(command: string, params: { name: string; value: string | null }[][]): string {
  // The size is that of the message, not of the client.
  const shown = params.flat().map(({ name, value }) => {
    const keyword = name.toUpperCase();
    return value === null || keyword === 'SIZE' ? keyword : `${keyword}=${value}`;
  });
  const given = new Set(shown.map((text) => text.slice(0, 80)));
  if (given.size === 0) return `gave ${command} no parameters`;
  return `gave ${command} the parameter${given.size === 1 ? '' : 's'} ${list(given)}`;
}

function refusalOf({ lines }: Recorded): string {
  let command = '';
  for (const line of lines) {
    if (line.from === 'client' && line.kind !== 'tls')
      command = line.kind === 'command' ? line.text.slice(0, 60) : line.kind;
    if (line.from === 'server' && (line.code ?? 0) >= 400)
      return `was first refused at "${command}" with "${line.text.slice(0, 200)}"`;
  }
  return 'was never refused';
}

function authOutcome({ session }: Recorded): string {
  const last = session.auth.find(({ ok }) => ok) ?? session.auth.at(-1);
  if (!last) return 'did not log in';
  if (last.ok) return `logged in${last.secure ? ' inside TLS' : ' in clear'}`;
  if (isCancelled(last)) return 'cancelled its login';
  return `failed to log in (${last.code ?? 'no reply'}): ${last.reason}`;
}

function dataOf({ session }: Recorded): string {
  const used = session.transactions.flatMap(({ data }) => (data ? [data.command] : []));
  return used.length === 0 ? 'sent no message' : `sent by ${list(used)}`;
}

function endingsOf({ session, lines }: Recorded): string {
  const data = session.transactions.flatMap(({ data: facts }) => (facts ? [facts] : []));
  const odd = [
    ...commandsOf({ session, lines }).flatMap(({ eol }) =>
      eol === 'LF' || eol === 'CR' ? [`commands that end in a bare ${eol}`] : [],
    ),
    ...(data.some(({ bareLf }) => bareLf > 0) ? ['bare LF in the message'] : []),
    ...(data.some(({ bareCr }) => bareCr > 0) ? ['bare CR in the message'] : []),
  ];
  return odd.length === 0 ? 'ended every line in CRLF' : `had ${list(odd)}`;
}

const outcomeWords: Record<Session['outcome'], string> = {
  open: 'is still running',
  captured: 'ended with a message stored',
  refused: 'ended with its mail refused',
  'auth-failed': 'ended without a login that was accepted',
  'tls-failed': 'ended by a failed TLS handshake',
  'timed-out': 'ended by a time limit',
  aborted: 'ended in the middle of a mail',
  'no-command': 'ended without a message being sent',
  interrupted: 'ended when Mailscope stopped',
};

const facts = {
  outcome: ({ session }) => outcomeWords[session.outcome],
  refusal: refusalOf,
  ehlo: ({ session }) => {
    const last = session.ehlo.at(-1);
    return last ? `introduced itself by ${last.verb} as "${last.name.slice(0, 200)}"` : 'never said EHLO';
  },
  extensions: ({ session }) => {
    const used = list(
      session.ehlo
        .flatMap(({ offered }) => offered.filter((one) => one.used).map((one) => one.keyword))
        .sort(),
    );
    return used === '' ? 'used no extension' : `used ${used}`;
  },
  tls: (recorded) => {
    const shake = shakeOf(recorded);
    if (!shake) return 'used no TLS';
    if (!shake.ok) return `failed at the TLS handshake: ${shake.failure?.text ?? 'no reason is known'}`;
    return `used ${shake.version ?? 'TLS'} ${shake.mode === 'starttls' ? 'by STARTTLS' : 'from the first byte'}`;
  },
  // Without a handshake there is nothing to tell of it.
  cipher: (recorded) => (shakeOf(recorded)?.cipher ? `agreed on ${shakeOf(recorded)!.cipher}` : null),
  sni: (recorded) => {
    const shake = shakeOf(recorded);
    if (!shake) return null;
    return shake.sni === null
      ? 'sent no server name (SNI)'
      : `asked for the server name (SNI) "${shake.sni.slice(0, 200)}"`;
  },
  ja4: (recorded) => {
    const hello = shakeOf(recorded)?.clientHello;
    return hello ? `has the TLS fingerprint (JA4) ${hello.ja4}` : null;
  },
  mechanism: ({ session }) =>
    session.auth.length === 0
      ? 'tried no AUTH'
      : `tried AUTH by ${list(session.auth.map((one) => `${one.mechanism}${one.initialResponse ? ' with an initial response' : ''}`))}`,
  auth: authOutcome,
  'mail-parameters': ({ session }) =>
    gaveParameters(
      'MAIL',
      session.transactions.map(({ from }) => from.params),
    ),
  'rcpt-parameters': ({ session }) =>
    gaveParameters(
      'RCPT',
      session.transactions.flatMap(({ recipients }) => recipients.map((one) => one.params)),
    ),
  pipelining: (recorded) => {
    const has = recorded.lines.some(({ pipelined }) => pipelined);
    return has ? 'sent commands without waiting for replies (pipelining)' : 'waited for each reply';
  },
  data: dataOf,
  'line-endings': endingsOf,
  messages: ({ session }) => {
    const { messages, transactions } = session;
    const sum = transactions.reduce((count, { recipientCount }) => count + recipientCount, 0);
    return `sent ${messages} message${messages === 1 ? '' : 's'} to ${sum} recipient${sum === 1 ? '' : 's'}`;
  },
  anomalies: ({ session }) => {
    const kinds = list(session.anomalyList.map(({ kind }) => kind).sort());
    return kinds === '' ? 'showed nothing odd' : `showed ${kinds}`;
  },
  end: ({ session }) =>
    session.ended ? `ended by ${session.ended.how} of the ${session.ended.by}` : 'has not ended',
} satisfies Record<string, Fact>;

export type FactName = keyof typeof facts | 'time';

/** Only where it is worth a word: twice as long, and by a tenth of a second. */
function compareTimes(left: Recorded, right: Recorded): Difference[] {
  const [a, b] = [left.session.durationUs, right.session.durationUs];
  if (a === null || b === null || Math.abs(a - b) < 100_000 || Math.max(a, b) < 2 * Math.min(a, b)) return [];
  return [difference('time', `took ${seconds(a)}`, `took ${seconds(b)}`)];
}

const difference = (fact: FactName, left: string, right: string): Difference => {
  const trimmed = [left, right].map((text) => text.replace(/\.$/, ''));
  return { fact, left, right, text: `The left ${trimmed[0]}; the right ${trimmed[1]}.` };
};

export function listDifferences(left: Recorded, right: Recorded): Difference[] {
  const found: Difference[] = [];
  for (const [name, fact] of Object.entries(facts) as [FactName, Fact][]) {
    const [a, b] = [fact(left), fact(right)];
    if (a !== null && b !== null && a !== b) found.push(difference(name, a, b));
  }
  return [...found, ...compareTimes(left, right)];
}
