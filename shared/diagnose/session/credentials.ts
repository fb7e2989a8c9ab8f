// What is wrong with user and password of a login, from the little that is kept of them.
import type { Found } from '../../finding.ts';
import type { AuthAttempt } from '../../session.ts';
import { atLine, makeFound } from './found.ts';

const placeholder =
  /^(?:null|undefined|none|nil|\(null\)|\[object object\]|your[-_ ]?(?:user(?:name)?|login|email|account)(?:@.*)?|<[^>]*>|user_?name_?here|change[-_]?me|xxx+|todo|\$\{[^}]*\}|\$[A-Z][A-Z0-9_]*|\{\{.*\}\}|%[A-Za-z_][\w.]*%|%\([^)]*\)s|env\(['"]?\w+['"]?\)|process\.env\.\w+)$/i;

interface Account {
  provider: string;
  user: RegExp;
  length: number;
}

/** A user of such a form with a secret of such a length is that of no test. */
const accounts: readonly Account[] = [
  { provider: 'SendGrid', user: /^apikey$/, length: 69 },
  { provider: 'Amazon SES', user: /^AKIA[A-Z0-9]{16}$/, length: 44 },
  { provider: 'Resend', user: /^resend$/, length: 36 },
  { provider: 'Brevo', user: /^[^@\s]+@smtp-brevo\.com$/, length: 90 },
];

const isAtEdge = (text: string): boolean => text.trim() !== text;

/** Which of the two is so; null: neither. */
const whichOf = (user: boolean, secret: boolean): string | null =>
  user && secret ? 'user name and the password' : user ? 'user name' : secret ? 'password' : null;

/** The server says in the reason of a login what it could compare; its words are those of server/smtp/auth/judge.ts. */
const said = {
  any: /^Any login is accepted/,
  unknown: /^There is no user /,
  space: /white space around it/,
  twice: /encoded as base64 twice/,
  latin: /as Latin-1, not as UTF-8/,
};

interface Told {
  user: string;
  code: number;
  mechanism: string;
  why: string;
}

function findFlaw(attempt: AuthAttempt, vars: Told & Found['vars']): Found | undefined {
  const { ok, secret, reason } = attempt;
  const user = attempt.user ?? '';
  const evidence = [atLine(attempt.line, attempt.steps.at(-1)?.line)];
  const severity = ok ? ('warning' as const) : ('error' as const);
  const found = (rule: string, confidence: number, more: Found['vars'] = {}): Found =>
    makeFound(rule, { severity, confidence, evidence, vars: { ...vars, ...more } });

  const empty = whichOf(attempt.user === '', secret?.charset === 'empty');
  if (empty !== null) return found('auth.empty', 0.95, { what: empty });
  const account = accounts.find(
    (one) => one.user.test(user) && secret?.length === one.length && secret.charset === 'ascii',
  );
  if (account)
    return makeFound('auth.provider-account', {
      confidence: 0.8,
      evidence,
      vars: {
        ...vars,
        provider: account.provider,
        masked: attempt.credential === null ? '; Mailscope has not kept it' : '',
      },
    });
  if (placeholder.test(user.slice(0, 200))) return found('auth.placeholder', 0.9);
  const edge = whichOf(isAtEdge(user), secret?.trailingWhitespace === true || said.space.test(reason));
  if (edge !== null) return found('auth.whitespace', said.space.test(reason) ? 0.98 : 0.75, { what: edge });
  if (said.twice.test(reason)) return found('auth.double-base64', 0.98);
  return undefined;
}

/** Why it was refused, where the form of the credentials does not say it. */
function explainRefusal(attempt: AuthAttempt, vars: Told): Found | undefined {
  const { code, secret, reason, user, mechanism } = attempt;
  const evidence = [atLine(attempt.line, attempt.steps.at(-1)?.line)];
  if (code !== 535 && code !== null && code !== 501) return undefined;
  const facts = { confidence: 0.95, evidence };
  if (said.latin.test(reason)) return makeFound('auth.not-utf8', { ...facts, vars: { ...vars } });
  if (said.unknown.test(reason)) {
    const hint =
      user?.includes('@') === false ? ' Many servers want the whole mail address as the user.' : '';
    return makeFound('auth.unknown-user', { ...facts, vars: { ...vars, hint } });
  }
  if (mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER')
    return makeFound('auth.token-refused', { ...facts, vars: { ...vars } });
  if (secret?.looksLikeBase64 === true)
    return makeFound('auth.double-base64', { ...facts, confidence: 0.5, vars: { ...vars } });
  if (secret?.charset === 'binary')
    return makeFound('auth.not-utf8', { ...facts, confidence: 0.7, vars: { ...vars } });
  return makeFound('auth.failed', { ...facts, vars: { ...vars } });
}

export function findCredentialProblem(attempt: AuthAttempt): Found | undefined {
  const { ok, user, code, mechanism, reason } = attempt;
  // Known to be right, whatever it looks like.
  if (ok && !said.any.test(reason)) return undefined;
  const vars = { user: user ?? 'nobody', code: code ?? 535, mechanism, why: reason };
  return findFlaw(attempt, vars) ?? (ok ? undefined : explainRefusal(attempt, vars));
}
