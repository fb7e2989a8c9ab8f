// Why a session led to no message: the last mail of it, and the first of its commands that was not accepted.
import { isRefusal, isRefused } from '../../../shared/explain/session-failures.ts';
import type { Reply, Transaction } from '../../../shared/transaction.ts';

export interface Refusal {
  command: string;
  reply: Reply;
  line: number;
}

export function findRefusal(transactions: readonly Transaction[]): Refusal | undefined {
  const last = transactions.at(-1);
  if (!last) return undefined;
  const { from, recipients, data, reply, firstLine } = last;
  const address = [from, ...recipients].find(isRefused);
  if (address?.reply)
    return {
      command: address === from ? 'MAIL FROM' : 'RCPT TO',
      reply: address.reply,
      line: address.line,
    };
  return isRefusal(reply)
    ? { command: data?.command ?? 'DATA', reply, line: data?.line ?? firstLine }
    : undefined;
}
