import { expect, test } from 'vitest';
import type { Transaction } from '../../shared/transaction.ts';
import { outcomeWord } from '../../web/parts/session/transaction-outcome.ts';
import { sessionOf } from '../support/records.ts';

const transaction = (n: number, more: Partial<Transaction>): Transaction => ({
  ...{ n, firstLine: 0, lastLine: null, from: { address: '', params: [], line: 0, reply: null } },
  ...{ recipients: [], recipientCount: 0, data: null, outcome: 'open', reply: null, messageId: null },
  ...more,
});

test('of a transaction that led to no message it is said what ended it', () => {
  const transactions = [
    transaction(1, { outcome: 'reset', endedBy: 'RSET' }),
    transaction(2, { outcome: 'reset', endedBy: 'QUIT' }),
    // As older records have it.
    transaction(3, { outcome: 'reset' }),
    transaction(4, { outcome: 'aborted' }),
    transaction(5, { outcome: 'aborted' }),
  ];
  const session = sessionOf('s_1', 0, {
    transactions,
    ended: { by: 'client', how: 'fin', phase: 'transaction 5', text: '' },
  });
  expect(transactions.map((each) => outcomeWord(each, session))).toEqual([
    ...['reset', 'given up by QUIT', 'given up', 'aborted', 'connection closed'],
  ]);
});
