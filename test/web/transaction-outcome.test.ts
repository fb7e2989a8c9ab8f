import { expect, test } from 'vitest';
import type { Transaction } from '../../shared/transaction.ts';
import { findRefusal } from '../../shared/refusal.ts';
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

const answered = (line: number, code: number) => ({
  ...{ address: '', params: [], line },
  reply: { code, enhanced: null, text: '' },
});

test('of a refused session it is said which command of its last mail was refused first, and in what line', () => {
  const [from, reply] = [answered(3, 250), answered(0, 552).reply];
  const told = (more: Partial<Transaction>) => {
    const found = findRefusal([
      transaction(1, { from: answered(1, 501) }),
      transaction(2, { firstLine: 3, from, ...more }),
    ]);
    return found && [found.command, found.reply.code, found.line];
  };
  expect(told({ from: answered(3, 530) })).toEqual(['MAIL FROM', 530, 3]);
  expect(told({ recipients: [answered(5, 250), answered(7, 550), answered(9, 452)] })).toEqual([
    ...['RCPT TO', 550, 7],
  ]);
  expect(told({ recipients: [answered(5, 250)], reply })).toEqual(['DATA', 552, 3]);
  expect(told({ recipients: [answered(5, 250)] })).toBeUndefined();
  expect(findRefusal([])).toBeUndefined();
});
