// Who asks, and what they may do and see: told by a token, the password or a login, or by there being none to give.
import type { IncomingMessage } from 'node:http';
import { MailscopeError } from '../../shared/errors.ts';
import { inboxNameForm } from '../../shared/inbox-name.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import { routes, type RouteName } from '../../shared/routes.ts';
import { changeHeader } from './access.ts';
import { authorizationOf, parseCredentials } from './credentials.ts';
import type { Logins } from './logins.ts';
import { isInterface } from './pages.ts';
import type { Grant, HttpParts } from './parts.ts';

type Parts = Pick<HttpParts, 'grants' | 'inboxes'>;

/** Without a password or tokens in the configuration, whoever can connect may do everything, as far as the access checks let them. */
const anyone: Grant = { scope: 'write', inbox: null, revoked: false };

/** `read`, `write`: whoever has that scope, within the inbox of their token. `whole`: only who sees all inboxes. */
type Need = 'nothing' | 'read' | 'write' | 'whole';
/** A call that is not named here, and so may not know inboxes, is for those who see all of them. */
const needs: Partial<Record<RouteName, Need>> = {
  readReady: 'nothing',
  readCa: 'nothing',
  readLogin: 'nothing',
  logIn: 'nothing',
  logOut: 'nothing',
  readStatus: 'read',
  listMessages: 'read',
  readMessage: 'read',
  readRaw: 'read',
  readPart: 'read',
  changeMessage: 'write',
  updateMessages: 'write',
  deleteMessage: 'write',
  deleteMessages: 'write',
  restoreMessages: 'write',
  awaitMessages: 'read',
  awaitSessions: 'read',
  // Changes nothing, although it is a POST.
  checkExpectation: 'read',
  listSessions: 'read',
  readSession: 'read',
  readTranscript: 'read',
  deleteSession: 'write',
  deleteSessions: 'write',
  restoreSessions: 'write',
  listRules: 'read',
  readSessionFindings: 'read',
  readMessageFindings: 'read',
  // Changes nothing, although it is a POST.
  explainError: 'read',
  listEvents: 'read',
  listInboxes: 'read',
  readInbox: 'read',
  deleteInbox: 'write',
};
const openPaths = new Set(['/api/ready', '/api/ca.pem', '/api/login', '/api/logout']);
/** Mailpit's, by which containers are watched; open there, too, and they tell nothing else. */
const healthPaths = new Set(['/livez', '/readyz']);

const visitors = new WeakMap<IncomingMessage, Grant | 'unknown'>();
/** By their cookie. */
const loggedIn = new WeakSet<IncomingMessage>();

const unauthorized = (message: string): MailscopeError =>
  new MailscopeError('unauthorized', message, {
    hint: 'Send "Authorization: Bearer TOKEN", or Basic with the password or a token as its password; or log in on the page.',
  });
const unknownToken = (): MailscopeError =>
  unauthorized('The token is not known: it was never made, was taken back, or its inbox is gone.');
const wrongSecret = (): MailscopeError => unauthorized('That is neither the password nor a token.');
const needsLogin = (): MailscopeError =>
  unauthorized('This Mailscope answers only to who has a password or token.');

/** The page shows the login by itself. */
const isOpenTo = ({ method }: IncomingMessage, path: string): boolean =>
  openPaths.has(path) ||
  // A live client may say its token once it is connected. An inline part has a token in its path.
  path.startsWith('/socket.io/') ||
  path.startsWith('/cid/') ||
  ((isInterface(path) || healthPaths.has(path)) && (method === 'GET' || method === 'HEAD'));

function findLogin(request: IncomingMessage, path: string, logins: Logins): Grant | undefined {
  const grant = logins.find(request);
  if (grant === undefined) return undefined;
  const isChange = request.method !== 'GET' && request.method !== 'HEAD' && !path.startsWith('/socket.io/');
  if (isChange && !request.headers[changeHeader])
    throw new MailscopeError('not_allowed', 'A change by a login of the page needs the header X-Mailscope.', {
      hint: 'Send "X-Mailscope: 1", or a token instead of the cookie.',
    });
  loggedIn.add(request);
  return grant;
}

/**
 * Looks up who asks. Throws unauthorized where nobody is let in without a password or token, and too_many_logins. A
 * Bearer token that is unknown is kept in mind instead, because other tools' clients send one of their own to the paths
 * that are theirs.
 */
export function admit(request: IncomingMessage, path: string, { grants }: Parts, logins: Logins): void {
  const authorization = authorizationOf(request);
  const given = parseCredentials(authorization);
  const isOpen = isOpenTo(request, path);
  // What is open to all is no place to try passwords at; a live client comes in by one.
  const isTried =
    given?.scheme === 'basic' && (!isOpen || path.startsWith('/socket.io/') || path === '/api/login');
  const isOurs = given !== undefined && grants.looksLikeToken(given.secret);
  const known = given && grants.find(given.secret);
  // A token is checked by itself, whatever cookie comes with it.
  const login = known || isOurs || given?.scheme === 'bearer' ? undefined : findLogin(request, path, logins);
  const grant = known ?? login ?? (isTried ? logins.check(given.secret, request) : undefined);
  if (grant) return void visitors.set(request, grant);
  if (isOurs && !isOpen) throw unknownToken();
  if (grants.isClosed && !isOpen) {
    if (authorization === undefined) throw needsLogin();
    throw given?.scheme === 'basic' && grants.password !== null ? wrongSecret() : unknownToken();
  }
  const isStrange = isOurs || given?.scheme === 'bearer' || (grants.isClosed && given !== undefined);
  if (isStrange) visitors.set(request, 'unknown');
  else if (!grants.isClosed) visitors.set(request, anyone);
}

/** Throws unauthorized. */
export function visitorOf(request: IncomingMessage): Grant {
  const visitor = visitors.get(request);
  if (visitor === undefined) throw needsLogin();
  if (visitor === 'unknown' || visitor.revoked) throw loggedIn.has(request) ? needsLogin() : unknownToken();
  return visitor;
}

export function isAllowed(request: IncomingMessage): boolean {
  const visitor = visitors.get(request);
  return visitor !== undefined && visitor !== 'unknown' && !visitor.revoked;
}

export const isLoggedIn = (request: IncomingMessage): boolean => loggedIn.has(request);

/** For answers that took their time. Throws unauthorized where the token was taken back meanwhile. */
export function requireUnrevoked({ revoked }: Grant): void {
  if (revoked) throw unknownToken();
}

/** Who connects live: by the header, or by the token in what the client says first. */
export function liveVisitor(request: IncomingMessage, token: string | undefined, { grants }: Parts): Grant {
  if (token === undefined) return visitorOf(request);
  const grant = grants.find(token);
  if (grant === undefined) throw unknownToken();
  return grant;
}

const lacks = (what: string, hint: string): MailscopeError =>
  new MailscopeError('not_allowed', what, { hint });

function requireScope({ scope }: Grant, needed: 'read' | 'write'): void {
  if (needed === 'write' && scope === 'read')
    throw lacks('The token may only read.', 'Use one with the scope write.');
}

export function requireWhole({ inbox }: Grant): void {
  if (inbox !== null)
    throw lacks(
      `The token is for the inbox ${inbox} alone, and this call is not about one inbox.`,
      'Use a token of the configuration (--token).',
    );
}

/** Whether the visitor may make the call at all. Throws unauthorized and not_allowed. */
export function checkPermission(request: IncomingMessage, name: RouteName): Grant {
  const need = needs[name] ?? 'whole';
  if (need === 'nothing') return anyone;
  const visitor = visitorOf(request);
  const byMethod = routes[name].method === 'GET' ? 'read' : 'write';
  requireScope(visitor, need === 'whole' ? byMethod : need);
  if (need === 'whole') requireWhole(visitor);
  return visitor;
}

/** What of all there is the call is about. Throws not_allowed for another inbox, and not_found. */
export function viewOf(visitor: Grant, asked: string | undefined, { inboxes }: Parts): InboxView {
  if (visitor.inbox !== null && asked !== undefined && asked !== visitor.inbox)
    throw lacks(`The token is for the inbox ${visitor.inbox} alone.`, 'Leave inbox= away.');
  const view = visitor.inbox ?? asked ?? null;
  if (view !== null) inboxes.sinceSeq(view);
  return view;
}

/** The `inbox` of a query that no schema has read. */
export function readInboxName(given: unknown): string | undefined {
  if (given === undefined || (typeof given === 'string' && inboxNameForm.test(given))) return given;
  throw new MailscopeError('invalid_request', 'query.inbox is not the name of an inbox.', {
    hint: 'GET /api/inboxes lists them.',
  });
}

/** What is behind the own calls and pages, such as other tools' APIs, knows no inboxes and may change what it reads. */
export function checkForeignPath(request: IncomingMessage, path: string): void {
  const visitor = visitors.get(request);
  if (visitor === undefined || visitor === 'unknown' || isInterface(path)) return;
  requireWhole(visitor);
  requireScope(visitor, 'write');
}
