// Requests whose answers are held against the document: for each call those that succeed and those that do not.
import { diagnosisRequests } from './diagnosis-calls.ts';
import { routes, type RouteName } from '../../shared/routes.ts';

export interface LiveRequest {
  call: RouteName;
  /** With the parameters of the path and the query in it. */
  path: string;
  body?: unknown;
  status: number;
  code?: string;
  /** Sent instead of the JSON body. */
  raw?: { type: string; text: string };
}

export interface Known {
  messageId: string;
  spareId: string;
  sessionId: string;
  spareSessionId: string;
  openSessionId: string;
  cursor: string;
  faultId: string;
  /** Of a session with a finding. */
  rejectedId: string;
  issueId: string;
  /** Of the inbox `known`. */
  tokenId: string;
}

const never = 'query=subject:never';

const notInInbox = (...calls: RouteName[]): LiveRequest[] =>
  calls.map((call) => ({ call, path: `${routes[call].path}?inbox=nobody`, status: 404, code: 'not_found' }));

/** In this order: what deletes comes last. A new call of the API gets a line here. */
export const liveRequests = (known: Known): LiveRequest[] => [
  { call: 'readStatus', path: '/api/status', status: 200 },
  { call: 'readStatus', path: '/api/status?x=1', status: 400, code: 'invalid_request' },
  ...notInInbox('readStatus', 'listMessages', 'listSessions', 'listEvents'),
  ...notInInbox('updateMessages', 'deleteMessages', 'deleteSessions').map((one) => ({
    ...one,
    body: one.call === 'updateMessages' ? { all: true, read: true } : { all: true },
  })),
  { call: 'deleteInbox', path: '/api/inboxes/default', status: 409, code: 'conflict' },
  { call: 'readReady', path: '/api/ready', status: 200 },
  { call: 'readCa', path: '/api/ca.pem', status: 200 },
  { call: 'readLogin', path: '/api/login', status: 200 },
  { call: 'logIn', path: '/api/login', body: { password: 'any' }, status: 200 },
  { call: 'logIn', path: '/api/login', body: { password: '' }, status: 400, code: 'invalid_request' },
  { call: 'logOut', path: '/api/logout', status: 200 },
  { call: 'readOpenApi', path: '/api/openapi.json', status: 200 },
  { call: 'sendSample', path: '/api/sample', body: { kind: 'attachment' }, status: 200 },
  { call: 'sendSample', path: '/api/sample', body: { listener: 'no' }, status: 404, code: 'not_found' },
  ...diagnosisRequests(known),
  { call: 'listMessages', path: '/api/messages?limit=2&query=is:unread', status: 200 },
  { call: 'listMessages', path: '/api/messages', status: 200 },
  { call: 'listMessages', path: '/api/messages?query=nope:x', status: 400, code: 'invalid_request' },
  { call: 'awaitMessages', path: '/api/messages/wait', status: 200 },
  { call: 'awaitMessages', path: `/api/messages/wait?${never}&none=true&timeout=1`, status: 200 },
  {
    call: 'awaitMessages',
    path: `/api/messages/wait?${never}&timeout=1`,
    status: 404,
    code: 'wait_timed_out',
  },
  {
    call: 'awaitMessages',
    path: '/api/messages/wait?inbox=known&timeout=1',
    status: 404,
    code: 'wait_timed_out',
  },
  { call: 'awaitMessages', path: '/api/messages/wait?inbox=nobody', status: 404, code: 'not_found' },
  { call: 'awaitMessages', path: '/api/messages/wait?none=true', status: 409, code: 'unexpected_message' },
  { call: 'awaitSessions', path: '/api/sessions/wait?query=outcome:tls-failed', status: 200 },
  { call: 'awaitSessions', path: '/api/sessions/wait?inbox=default&query=has:message', status: 200 },
  {
    call: 'awaitSessions',
    path: '/api/sessions/wait?query=outcome:open+client:no&timeout=1',
    status: 404,
    code: 'wait_timed_out',
  },
  {
    call: 'awaitSessions',
    path: '/api/sessions/wait?query=outcome:captured&none=true',
    status: 409,
    code: 'unexpected_session',
  },
  { call: 'readMessage', path: '/api/messages/latest', status: 200 },
  { call: 'readMessage', path: `/api/messages/${known.messageId}`, status: 200 },
  { call: 'readMessage', path: '/api/messages/m_0', status: 404, code: 'not_found' },
  { call: 'readRaw', path: '/api/messages/latest/raw?download=true', status: 200 },
  { call: 'readPart', path: '/api/messages/latest/parts/2', status: 200 },
  { call: 'readPart', path: '/api/messages/latest/parts/9', status: 404, code: 'not_found' },
  {
    call: 'storeMessage',
    path: '/api/messages?from=a@example.com&rcpt=b@example.com',
    raw: { type: 'message/rfc822', text: 'Subject: by the API\r\n\r\nHello\r\n' },
    status: 201,
  },
  {
    call: 'storeMessage',
    path: '/api/messages',
    raw: { type: 'application/json', text: '{}' },
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    call: 'changeMessage',
    path: `/api/messages/${known.messageId}`,
    body: { read: true, tags: ['a'] },
    status: 200,
  },
  {
    call: 'changeMessage',
    path: `/api/messages/${known.messageId}`,
    raw: { type: 'text/plain', text: '{}' },
    status: 415,
    code: 'unsupported_media_type',
  },
  { call: 'updateMessages', path: '/api/messages/update', body: { all: true, addTags: ['b'] }, status: 200 },
  {
    call: 'updateMessages',
    path: '/api/messages/update',
    raw: { type: 'application/json', text: ' '.repeat(1_100_000) },
    status: 413,
    code: 'too_large',
  },
  {
    call: 'checkExpectation',
    path: '/api/expect',
    body: { messages: [{ subject: 'no' }], timeout: 1 },
    status: 200,
  },
  {
    call: 'checkExpectation',
    path: '/api/expect',
    body: { inbox: 'known', messages: [{ count: 0 }], timeout: 1 },
    status: 200,
  },
  {
    call: 'checkExpectation',
    path: '/api/expect',
    body: { inbox: 'nobody', messages: [{}] },
    status: 404,
    code: 'not_found',
  },
  {
    call: 'checkExpectation',
    path: '/api/expect',
    body: { messages: [{}], sessions: [{ tls: 'none' }], timeout: 1 },
    status: 200,
  },
  { call: 'listSessions', path: '/api/sessions?limit=10', status: 200 },
  { call: 'readSession', path: '/api/sessions/latest', status: 200 },
  { call: 'readSession', path: `/api/sessions/${known.sessionId}`, status: 200 },
  { call: 'readSession', path: `/api/sessions/${known.spareSessionId}`, status: 200 },
  { call: 'readTranscript', path: `/api/sessions/${known.sessionId}/transcript?data=full`, status: 200 },
  { call: 'readTranscript', path: `/api/sessions/${known.spareSessionId}/transcript`, status: 200 },
  { call: 'readTranscript', path: '/api/sessions/latest/transcript?format=text', status: 200 },
  { call: 'deleteMessage', path: `/api/messages/${known.spareId}`, status: 200 },
  { call: 'restoreMessages', path: '/api/messages/restore', body: { ids: [known.spareId] }, status: 200 },
  { call: 'deleteMessages', path: '/api/messages/delete', body: { ids: [known.messageId] }, status: 200 },
  { call: 'deleteSession', path: `/api/sessions/${known.openSessionId}`, status: 409, code: 'conflict' },
  { call: 'deleteSession', path: `/api/sessions/${known.spareSessionId}`, status: 200 },
  { call: 'deleteSessions', path: '/api/sessions/delete', body: { all: true }, status: 200 },
  { call: 'restoreSessions', path: '/api/sessions/restore', body: { all: true }, status: 200 },
  { call: 'listInboxes', path: '/api/inboxes', status: 200 },
  { call: 'createInbox', path: '/api/inboxes', body: { name: 'made', token: 'read' }, status: 200 },
  { call: 'createInbox', path: '/api/inboxes', body: { name: 'made' }, status: 409, code: 'conflict' },
  { call: 'readInbox', path: '/api/inboxes/made', status: 200 },
  { call: 'readInbox', path: '/api/inboxes/nobody', status: 404, code: 'not_found' },
  { call: 'changeInbox', path: '/api/inboxes/made', body: { ttl: '10m' }, status: 200 },
  { call: 'listInboxTokens', path: '/api/inboxes/known/tokens', status: 200 },
  { call: 'createInboxToken', path: '/api/inboxes/known/tokens', body: { scope: 'read' }, status: 200 },
  { call: 'deleteInboxToken', path: `/api/inboxes/known/tokens/${known.tokenId}`, status: 200 },
  { call: 'deleteInbox', path: '/api/inboxes/made', status: 200 },
  { call: 'listFaults', path: '/api/faults', status: 200 },
  { call: 'listFaultPresets', path: '/api/faults/presets', status: 200 },
  { call: 'createFault', path: '/api/faults', body: { preset: 'generic/greylist' }, status: 200 },
  {
    call: 'createFault',
    path: '/api/faults',
    body: { stage: 'data', when: { user: ['a', 'b*'], largerThan: 9 }, delay: '1s', then: 'reset' },
    status: 200,
  },
  { call: 'createFault', path: '/api/faults', body: { preset: 'no' }, status: 400, code: 'invalid_request' },
  { call: 'readFault', path: `/api/faults/${known.faultId}`, status: 200 },
  { call: 'readFault', path: '/api/faults/f_no', status: 404, code: 'not_found' },
  { call: 'changeFault', path: `/api/faults/${known.faultId}`, body: { enabled: false }, status: 200 },
  { call: 'changeFault', path: '/api/faults/f_config-1', body: {}, status: 409, code: 'conflict' },
  { call: 'deleteFault', path: '/api/faults/f_config-1', status: 409, code: 'conflict' },
  { call: 'deleteFault', path: `/api/faults/${known.faultId}`, status: 200 },
  { call: 'deleteFaults', path: '/api/faults/delete', body: { ids: ['f_no'] }, status: 200 },
  {
    call: 'deleteFaults',
    path: '/api/faults/delete',
    body: { ids: ['f_config-1'] },
    status: 409,
    code: 'conflict',
  },
  { call: 'deleteFaults', path: '/api/faults/delete', body: { all: true }, status: 200 },
  { call: 'listEvents', path: `/api/events?since=${known.cursor}`, status: 200 },
  { call: 'listEvents', path: '/api/events?limit=1000', status: 200 },
];
