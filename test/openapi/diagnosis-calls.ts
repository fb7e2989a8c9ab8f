// Requests about findings and issues, as in live-calls.ts.
import type { LiveRequest } from './live-calls.ts';

export const diagnosisRequests = (known: {
  messageId: string;
  rejectedId: string;
  issueId: string;
}): LiveRequest[] => [
  { call: 'listRules', path: '/api/rules', status: 200 },
  { call: 'listRules', path: '/api/rules?x=1', status: 400, code: 'invalid_request' },
  { call: 'readSessionFindings', path: `/api/sessions/${known.rejectedId}/findings`, status: 200 },
  { call: 'readSessionFindings', path: '/api/sessions/latest/findings', status: 200 },
  { call: 'readSessionFindings', path: '/api/sessions/s_no/findings', status: 404, code: 'not_found' },
  { call: 'readMessageFindings', path: `/api/messages/${known.messageId}/findings`, status: 200 },
  { call: 'readMessageFindings', path: '/api/messages/m_no/findings', status: 404, code: 'not_found' },
  {
    call: 'explainError',
    path: '/api/explain-error',
    body: { text: 'Error: self-signed certificate in certificate chain' },
    status: 200,
  },
  {
    call: 'explainError',
    path: '/api/explain-error',
    body: { text: '' },
    status: 400,
    code: 'invalid_request',
  },
  { call: 'listIssues', path: '/api/issues', status: 200 },
  { call: 'listIssues', path: '/api/issues?state=open&severity=notice&limit=1', status: 200 },
  { call: 'listIssues', path: '/api/issues?cursor=no', status: 400, code: 'invalid_request' },
  { call: 'readIssue', path: `/api/issues/${known.issueId}`, status: 200 },
  { call: 'readIssue', path: '/api/issues/i_no', status: 404, code: 'not_found' },
  {
    call: 'changeIssue',
    path: `/api/issues/${known.issueId}`,
    body: { state: 'acknowledged', note: 'We know.' },
    status: 200,
  },
  { call: 'changeIssue', path: '/api/issues/i_no', body: { note: '' }, status: 404, code: 'not_found' },
  {
    call: 'changeIssue',
    path: `/api/issues/${known.issueId}`,
    body: {},
    status: 400,
    code: 'invalid_request',
  },
  { call: 'deleteIssue', path: `/api/issues/${known.issueId}`, status: 200 },
  { call: 'deleteIssue', path: `/api/issues/${known.issueId}`, status: 404, code: 'not_found' },
  { call: 'deleteIssues', path: '/api/issues/delete', body: { ids: ['i_no'] }, status: 200 },
  { call: 'deleteIssues', path: '/api/issues/delete', body: { all: true }, status: 200 },
];
