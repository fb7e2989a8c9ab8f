// What `mailscope/client` gives.
export { MailscopeError } from '../errors.ts';
export { findClickable } from './clickable.ts';
export { connect } from './client.ts';
export { ExpectationError } from './failure.ts';
export { connectForTests } from './test-client.ts';
export type { ErrorBody, ErrorCode } from '../errors.ts';
export type { TestMessage } from './clickable.ts';
export type { Client, ConnectOptions } from './client.ts';
export type { TestFault } from './faults.ts';
export type {
  Expected,
  ExpectedMessage,
  TestClient,
  TestOptions,
  Wait,
  Waiting,
  WaitOptions,
} from './waiting.ts';
