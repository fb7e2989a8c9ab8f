// What each error code means, and which calls answer it.
import * as z from 'zod';
import { api, type Call } from '../api.ts';
import type { ErrorCode } from '../errors.ts';
import { routes, type RouteName } from '../routes.ts';

export const errorMeanings: Record<ErrorCode, string> = {
  invalid_request: 'A parameter, field or cursor is wrong; `details` names it.',
  unauthorized: 'A password or token is needed, or the one given is wrong.',
  not_allowed: 'The request comes from another page, or the token may not do this.',
  not_found: 'There is no such message, session, inbox, rule, part or call.',
  method_not_allowed: 'The call exists with another method; the header Allow names it.',
  wait_timed_out: 'What was waited for did not come; `details` is a WaitFailure.',
  conflict: 'It cannot be done now, such as deleting a running session.',
  unexpected_message: 'A message came where none was to come; `details` is a WaitFailure.',
  unexpected_session: 'A session came where none was to come; `details` is a WaitFailure.',
  too_large: 'The body is over 1 MiB; of a raw message: over `--max-size`.',
  unsupported_media_type: 'The body is not JSON; of a raw message: not message/rfc822.',
  wrong_host: 'The Host is not allowed; the hint names `--allow-host`.',
  too_many_waits: '500 calls are waiting already.',
  too_many_logins: 'Too many wrong passwords came; the header Retry-After says how long to wait.',
  header_too_large: 'The address and the header fields, with the cookies of this host, are over 32 KiB.',
  internal: 'A fault of Mailscope; its log has the details.',
  storage_full: 'The disk or a quota is full, or the disk cannot be written.',
  unavailable:
    'It is starting or stopping, or the message is not parsed yet, or so much mail has come that a change of all that match would miss some.',
};

/** Any call may answer these. `method_not_allowed` is of a path, not of a call. */
export const commonErrors: readonly ErrorCode[] = [
  'invalid_request',
  'unauthorized',
  'not_allowed',
  'method_not_allowed',
  'wrong_host',
  'too_many_logins',
  'header_too_large',
  'internal',
  'unavailable',
];

const waitErrors = ['wait_timed_out', 'too_many_waits', 'not_found'] as const;
/** Beside those that follow from the kind of call. */
const ownErrors: Partial<Record<RouteName, readonly ErrorCode[]>> = {
  readCa: ['not_found'],
  awaitMessages: [...waitErrors, 'unexpected_message'],
  awaitSessions: [...waitErrors, 'unexpected_session'],
  checkExpectation: ['too_many_waits', 'not_found'],
  deleteSession: ['conflict'],
  createInbox: ['conflict'],
  deleteInbox: ['conflict'],
  changeInbox: ['conflict'],
  createFault: ['conflict'],
  changeFault: ['conflict'],
  deleteFault: ['conflict'],
  deleteFaults: ['conflict'],
  sendSample: ['not_found', 'conflict'],
};

/** They are a POST because of what they are given. */
const changesNothing = new Set<RouteName>(['checkExpectation', 'explainError']);

const isInView = ({ query }: Call): boolean => query instanceof z.ZodObject && 'inbox' in query.shape;

/** The codes that this call may answer beside the common ones. */
export function errorsOf(name: RouteName): ErrorCode[] {
  const call: Call = api[name];
  const codes = new Set<ErrorCode>();
  // A message or a session that is not there, or an inbox.
  if (call.params || isInView(call)) codes.add('not_found');
  if (call.body || 'bodyType' in routes[name]) codes.add('too_large').add('unsupported_media_type');
  if (routes[name].method !== 'GET' && !changesNothing.has(name)) codes.add('storage_full');
  for (const code of ownErrors[name] ?? []) codes.add(code);
  return [...codes];
}
