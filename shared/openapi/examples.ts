// What a call can be asked with, to be tried out; the documents show it. Parameters that are not named have a default.
import type { RouteName } from '../routes.ts';

export interface Example {
  params?: Record<string, string>;
  query?: Record<string, string | number>;
  body?: unknown;
}

const after = '2026-01-31T12:00:00Z';
const messageId = 'm_01M85EFGHFX75FRS567AZP05DJ';
const faultId = 'f_01M85EFGHJ0Y7T3W9Q4N6K2B8D';
const issueId = 'i_01M85EFGHK3C5V7X9Z1B2D4F6G';
const sessionId = 's_01M85EFGGYBV3T48K70H5DXKMN';

export const examples: Partial<Record<RouteName, Example>> = {
  logIn: { body: { password: 'the password' } },
  listMessages: { query: { query: 'to:ann@example.com subject:reset', limit: 20 } },
  storeMessage: { query: { from: 'app@example.com', rcpt: 'ann@example.com' } },
  awaitMessages: { query: { query: 'to:ann subject:reset', after, timeout: '8s' } },
  readMessage: { params: { id: 'latest' } },
  readRaw: { params: { id: 'latest' } },
  readPart: { params: { id: 'latest', part: '1' } },
  changeMessage: { params: { id: messageId }, body: { read: true, tags: ['checked'] } },
  updateMessages: { body: { query: 'to:ann is:unread', read: true, addTags: ['checked'] } },
  deleteMessage: { params: { id: messageId } },
  deleteMessages: { body: { all: true, purge: true } },
  restoreMessages: { body: { ids: [messageId] } },
  listSessions: { query: { query: 'outcome:tls-failed', limit: 20 } },
  awaitSessions: { query: { query: 'auth:app', after, timeout: '8s' } },
  readSession: { params: { id: 'latest' } },
  readTranscript: { params: { id: 'latest' }, query: { format: 'text' } },
  deleteSession: { params: { id: sessionId } },
  deleteSessions: { body: { all: true } },
  restoreSessions: { body: { all: true } },
  checkExpectation: {
    body: {
      after,
      messages: [
        {
          query: 'to:ann@example.com',
          subject: { contains: 'reset' },
          links: [{ purpose: 'reset', href: { contains: 'https://' } }],
        },
      ],
      sessions: [{ tls: { min: 'TLSv1.2' }, user: 'app', quit: true }],
    },
  },
  sendSample: { body: { listener: 'submission', kind: 'html' } },
  createFault: {
    body: {
      stage: 'rcpt',
      when: { to: 'full@*' },
      reply: { code: 452, enhanced: '4.2.2', text: '<{rcpt}>: mailbox is full' },
    },
  },
  readFault: { params: { id: faultId } },
  changeFault: { params: { id: faultId }, body: { enabled: false } },
  deleteFault: { params: { id: faultId } },
  deleteFaults: { body: { all: true } },
  readSessionFindings: { params: { id: 'latest' } },
  readMessageFindings: { params: { id: 'latest' } },
  explainError: { body: { text: 'Error: self-signed certificate in certificate chain' } },
  listIssues: { query: { state: 'open', severity: 'warning' } },
  readIssue: { params: { id: issueId } },
  changeIssue: { params: { id: issueId }, body: { state: 'resolved', note: 'Date is set since 2.1.' } },
  deleteIssue: { params: { id: issueId } },
  deleteIssues: { body: { all: true } },
  listEvents: { query: { limit: 20 } },
};
