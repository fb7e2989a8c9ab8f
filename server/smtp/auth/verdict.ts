// How an exchange can end. The reply never tells an unknown user from a wrong password; the reason does.
import type { AuthReply, AuthVerdict } from './exchange.ts';

type Known = Partial<Pick<AuthVerdict, 'user' | 'authorizationId' | 'secret' | 'credential'>>;

const verdict = (ok: boolean, reply: AuthReply, reason: string, known: Known): AuthVerdict => ({
  ok,
  user: known.user ?? null,
  authorizationId: known.authorizationId ?? null,
  reply,
  reason,
  secret: known.secret ?? null,
  credential: known.credential ?? null,
});

export const accepted = (reason: string, known: Known & { user: string }): AuthVerdict =>
  verdict(true, { code: 235, enhanced: '2.7.0', text: 'Authentication successful' }, reason, known);

export const rejected = (reason: string, known: Known = {}): AuthVerdict =>
  verdict(false, { code: 535, enhanced: '5.7.8', text: 'Authentication credentials invalid' }, reason, known);

/** RFC 4954 §4: what cannot be decoded, and what does not follow the mechanism's grammar. */
export const malformed = (text: string, known: Known = {}): AuthVerdict =>
  verdict(false, { code: 501, enhanced: '5.5.2', text }, `${text}.`, known);

/** RFC 4954 §4: an initial response where the server has to speak first. */
export const unexpectedInitial = (mechanism: string): AuthVerdict => {
  const text = `${mechanism} takes no initial response, the server speaks first`;
  return verdict(false, { code: 501, enhanced: '5.7.0', text }, `${text} (RFC 4954 section 4).`, {});
};

export const cancelled = (step: string, known: Known = {}): AuthVerdict => {
  const reply = { code: 501, enhanced: '5.7.0', text: 'Authentication cancelled' };
  return verdict(false, reply, `The client cancelled with "*" where the ${step} was expected.`, known);
};

/** Nobody is there to read the reply. */
export const clientLeft = (step: string, known: Known = {}): AuthVerdict => {
  const reply = { code: 421, enhanced: '4.4.2', text: 'Client left during authentication' };
  return verdict(false, reply, `The client left where the ${step} was expected.`, known);
};
