// Name, method and path of every call: plain data, all that the client needs at run time. `bodyType`: what the body is
// where it is not JSON.
export const routes = {
  readStatus: { method: 'GET', path: '/api/status' },
  readReady: { method: 'GET', path: '/api/ready' },
  readCa: { method: 'GET', path: '/api/ca.pem' },
  readLogin: { method: 'GET', path: '/api/login' },
  logIn: { method: 'POST', path: '/api/login' },
  logOut: { method: 'POST', path: '/api/logout' },
  readOpenApi: { method: 'GET', path: '/api/openapi.json' },

  listMessages: { method: 'GET', path: '/api/messages' },
  storeMessage: { method: 'POST', path: '/api/messages', bodyType: 'message/rfc822' },
  awaitMessages: { method: 'GET', path: '/api/messages/wait' },
  readMessage: { method: 'GET', path: '/api/messages/:id' },
  readRaw: { method: 'GET', path: '/api/messages/:id/raw' },
  readPart: { method: 'GET', path: '/api/messages/:id/parts/:part' },
  changeMessage: { method: 'PATCH', path: '/api/messages/:id' },
  updateMessages: { method: 'POST', path: '/api/messages/update' },
  deleteMessage: { method: 'DELETE', path: '/api/messages/:id' },
  deleteMessages: { method: 'POST', path: '/api/messages/delete' },
  restoreMessages: { method: 'POST', path: '/api/messages/restore' },
  deleteSession: { method: 'DELETE', path: '/api/sessions/:id' },
  deleteSessions: { method: 'POST', path: '/api/sessions/delete' },
  restoreSessions: { method: 'POST', path: '/api/sessions/restore' },

  listSessions: { method: 'GET', path: '/api/sessions' },
  awaitSessions: { method: 'GET', path: '/api/sessions/wait' },
  readSession: { method: 'GET', path: '/api/sessions/:id' },
  readTranscript: { method: 'GET', path: '/api/sessions/:id/transcript' },

  checkExpectation: { method: 'POST', path: '/api/expect' },

  sendSample: { method: 'POST', path: '/api/sample' },

  listEvents: { method: 'GET', path: '/api/events' },

  listInboxes: { method: 'GET', path: '/api/inboxes' },
  createInbox: { method: 'POST', path: '/api/inboxes' },
  readInbox: { method: 'GET', path: '/api/inboxes/:name' },
  changeInbox: { method: 'PATCH', path: '/api/inboxes/:name' },
  deleteInbox: { method: 'DELETE', path: '/api/inboxes/:name' },
  listInboxTokens: { method: 'GET', path: '/api/inboxes/:name/tokens' },
  createInboxToken: { method: 'POST', path: '/api/inboxes/:name/tokens' },
  deleteInboxToken: { method: 'DELETE', path: '/api/inboxes/:name/tokens/:id' },

  listFaults: { method: 'GET', path: '/api/faults' },
  createFault: { method: 'POST', path: '/api/faults' },
  listFaultPresets: { method: 'GET', path: '/api/faults/presets' },
  readFault: { method: 'GET', path: '/api/faults/:id' },
  changeFault: { method: 'PATCH', path: '/api/faults/:id' },
  deleteFault: { method: 'DELETE', path: '/api/faults/:id' },
  deleteFaults: { method: 'POST', path: '/api/faults/delete' },

  listRules: { method: 'GET', path: '/api/rules' },
  readSessionFindings: { method: 'GET', path: '/api/sessions/:id/findings' },
  readMessageFindings: { method: 'GET', path: '/api/messages/:id/findings' },
  explainError: { method: 'POST', path: '/api/explain-error' },
  listIssues: { method: 'GET', path: '/api/issues' },
  readIssue: { method: 'GET', path: '/api/issues/:id' },
  changeIssue: { method: 'PATCH', path: '/api/issues/:id' },
  deleteIssue: { method: 'DELETE', path: '/api/issues/:id' },
  deleteIssues: { method: 'POST', path: '/api/issues/delete' },
} as const;
export type RouteName = keyof typeof routes;
