// What a test prints when a wait or an expectation was not met: what arrived, what came near, how sessions failed.
import { MailscopeError } from '../errors.ts';
import type { ConditionReport, ExpectationReport } from '../expect/report.ts';
import type { FailedSession, WaitFailure } from '../wait.ts';
import { waitLimits } from '../wait-limits.ts';
import type { Client } from './client.ts';
import { reasonOf } from './unreachable.ts';

const maxTranscripts = 2;
const transcriptLines = 80;
const indented = (text: string, by = '  '): string => text.trimEnd().replace(/^/gm, by);
const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [`${title}:\n${lines.map((line) => indented(line)).join('\n')}`];

const failureCodes = new Set(['wait_timed_out', 'unexpected_message', 'unexpected_session']);

/** The details of an error that a wait ended with; undefined for other errors. */
export function waitFailureOf(error: unknown): WaitFailure | undefined {
  const isFailure = error instanceof MailscopeError && failureCodes.has(error.code);
  return isFailure ? (error.details as WaitFailure | undefined) : undefined;
}

/** What the hint does not say: that nobody listens, or does no longer, it does. */
function reasonBeside(hint: string, cause: unknown): string {
  const reason = reasonOf(cause);
  return reason === null || hint.includes(reason) || /ECONN|socket|closed/i.test(reason)
    ? ''
    : ` (${reason})`;
}

/** The same error with its hint in what a test runner prints of it, and with why nothing answered. */
export function withHint(error: unknown): unknown {
  if (!(error instanceof MailscopeError) || error.hint === null) return error;
  const { code, message, hint, details, cause } = error;
  const [, said, end] = /^([^]*?)([.?!]?)$/.exec(message)!;
  const text = `${said}${reasonBeside(hint, cause)}${end || '.'} ${hint}`;
  return new MailscopeError(code, text, { hint, details, cause });
}

export function formatWaitFailure({ arrived, items, misses, failedSessions }: WaitFailure): string {
  const newest = arrived.length < waitLimits.arrived ? '' : ` (the newest ${waitLimits.arrived})`;
  const unmatched = arrived.filter(({ id }) => !items.some((item) => item.id === id));
  return [
    ...section(
      'Matched',
      items.map(({ id }) => `${id}  ${arrived.find((one) => one.id === id)?.title ?? ''}`.trimEnd()),
    ),
    ...section(
      `${items.length > 0 ? 'Arrived beside it' : 'Arrived'}${newest}`,
      unmatched.length > 0 ? unmatched.map(({ id, at, title }) => `${id}  ${at}  ${title}`) : ['nothing'],
    ),
    ...section(
      'Nearest',
      misses.map(({ id, title, held, of, failed, pending }) =>
        [
          `${id}  ${title}: ${held} of ${of} held${pending ? ', not complete yet' : ''}`,
          ...failed.map(({ term, text }) => `  ${term}  ${text}`),
        ].join('\n'),
      ),
    ),
    ...formatFailedSessions(failedSessions),
  ].join('\n');
}

const formatFailedSessions = (sessions: FailedSession[]): string[] =>
  section(
    'Sessions that failed',
    sessions.map(({ id, outcome, text }) => `${id}  ${outcome}: ${text}`),
  );

function formatCondition({ held, pending, path, name, text, found, evidence }: ConditionReport): string {
  const head = `${held ? 'ok    ' : 'not ok'} ${path}${name === null ? '' : ` (${name})`}: ${text}`;
  if (held) return head;
  const lines = evidence.flatMap(({ messageId, sessionId, text: there, lines }) => [
    `  ${messageId ?? sessionId ?? ''}${there === '' || there === found ? '' : `  ${there}`}`,
    ...lines.map(
      ({ n, from, text: said }) =>
        `    ${n} ${from === 'client' ? 'C:' : from === 'server' ? 'S:' : ' '} ${said}`,
    ),
  ]);
  return [head, `  found: ${found}${pending ? ' (not complete yet)' : ''}`, ...lines].join('\n');
}

export const formatReport = ({ conditions, failedSessions }: ExpectationReport): string =>
  [...conditions.map(formatCondition), ...formatFailedSessions(failedSessions)].join('\n');

/** The transcripts of the newest that failed, as far as they can still be read. */
export async function readFailedTranscripts(
  client: Client,
  sessions: FailedSession[],
  inView: { inbox?: string } = {},
): Promise<string> {
  const texts = await Promise.all(
    sessions.slice(0, maxTranscripts).map(({ id }) =>
      client
        .readTranscriptText({ params: { id }, query: { limit: transcriptLines, ...inView } })
        .then((text) => `\n${indented(text)}`)
        .catch(() => ''),
    ),
  );
  return texts.join('\n');
}

/** An expectation of which not all held. Its message says what was found, what arrived, and how sessions failed. */
export class ExpectationError extends Error {
  override readonly name = 'ExpectationError';
  readonly report: ExpectationReport;

  constructor(report: ExpectationReport, arrivals: string) {
    const { conditions } = report;
    const failed = conditions.filter(({ held }) => !held).length;
    super(
      [
        `${failed} of ${conditions.length} conditions did not hold.`,
        ...conditions.map(formatCondition),
        arrivals,
      ].join('\n'),
    );
    this.report = report;
  }
}
