// Why a session led to no message: the last mail of it, and the first of its commands that was not accepted.
import type { Reply, Transaction } from '../../../shared/transaction.ts';

export interface Refusal {
  command: string;
  reply: Reply;
  line: number;
}

export function findRefusal(transactions: readonly Transaction[]): Refusal | undefined {
  const last = transactions.at(-1);
  if (!last) return undefined;
  const { from, recipients, data, reply } = last;
  const answers: [command: string, reply: Reply | null, line: number][] = [
    ['MAIL FROM', from.reply, from.line],
    ...recipients.map((recipient): [string, Reply | null, number] => [
      'RCPT TO',
      recipient.reply,
      recipient.line,
    ]),
    [data?.command ?? 'DATA', reply, data?.line ?? last.firstLine],
  ];
  for (const [command, answer, line] of answers)
    if (answer !== null && answer.code >= 400) return { command, reply: answer, line };
  return undefined;
}
