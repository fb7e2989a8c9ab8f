// Logging in and out, for the page.
import { MailscopeError } from '../../shared/errors.ts';
import type { Login } from '../../shared/login.ts';
import type { Handlers } from './endpoint.ts';
import type { Logins } from './logins.ts';
import type { HttpParts } from './parts.ts';
import { isAllowed, isLoggedIn } from './visitor.ts';

export function loginHandlers(
  { grants, log }: Pick<HttpParts, 'grants' | 'log'>,
  logins: Logins,
): Pick<Handlers, 'readLogin' | 'logIn' | 'logOut'> {
  const answer = (allowed: boolean, loggedIn: boolean): Login => ({
    needed: grants.isClosed,
    password: grants.password !== null,
    allowed,
    loggedIn,
  });
  return {
    readLogin: (_given, { request }) => answer(isAllowed(request), isLoggedIn(request)),
    logIn({ body }, { request, response }) {
      // Whoever logs in everywhere may do so here too; there is nothing to be remembered.
      if (!grants.isClosed) return answer(true, false);
      const grant = logins.check(body.password, request);
      if (grant === undefined) {
        log.info(`A login from ${request.socket.remoteAddress} failed`);
        throw new MailscopeError('unauthorized', 'That is not the password.', {
          hint: grants.password === null ? 'Give a token.' : 'Give the password, or a token.',
        });
      }
      response.setHeader('Set-Cookie', logins.start(grant, request));
      return answer(true, true);
    },
    logOut(_given, { request, response }) {
      response.setHeader('Set-Cookie', logins.end(request));
      return answer(!grants.isClosed, false);
    },
  };
}
