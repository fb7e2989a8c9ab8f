// The mail transactions of a session: one for each MAIL command, whether it led to a message or not.
import { briefRefusal } from '../../../shared/refusal.ts';
import type { DataFacts, EnvelopeAddress, Reply, Transaction } from '../../../shared/transaction.ts';
import type { Session } from '../../../shared/session.ts';
import { MailFindings } from '../../../shared/diagnose/session/mails.ts';
import { noteMails } from './findings.ts';
import type { TransactionMarks } from './outcome.ts';

/** Recipients kept with their parameters; further ones are only counted. */
const maxRecipients = 10_000;

/** What of the record the transactions touch. */
interface Record {
  readonly session: Session;
  readonly log: { readonly count: number };
  readonly marks: TransactionMarks;
  transaction: number | undefined;
}

export class TransactionLog {
  readonly #recorder: Record;
  #count = 0;
  current: Transaction | undefined;
  /** Recipients that were accepted. */
  accepted = 0;
  /** Ended transactions that the next saved part carries. */
  changed = new Set<Transaction>();
  /** In those that memory has let go of. */
  readonly findings = new MailFindings();

  constructor(recorder: Record) {
    this.#recorder = recorder;
  }

  /** The number that the next transaction gets. */
  get next(): number {
    return this.#count + 1;
  }

  /** A MAIL command has come. Its transaction stays current only when it is accepted. */
  begin(from: EnvelopeAddress): Transaction {
    const transaction: Transaction = {
      n: ++this.#count,
      firstLine: from.line,
      lastLine: null,
      from,
      recipients: [],
      recipientCount: 0,
      data: null,
      outcome: 'open',
      reply: null,
      messageId: null,
    };
    const cause = this.#recorder.marks.causes[from.reply?.code ?? 0];
    if (cause) transaction.cause = cause;
    this.current = transaction;
    this.accepted = 0;
    this.#recorder.session.transactions.push(transaction);
    this.changed.add(transaction);
    return transaction;
  }

  recipient(recipient: EnvelopeAddress): void {
    const transaction = this.current;
    if (!transaction) return;
    transaction.recipientCount++;
    if (transaction.recipients.length < maxRecipients) transaction.recipients.push(recipient);
    else this.#recorder.session.truncated = true;
  }

  /** Ends the current transaction, if there is one. */
  end(outcome: Transaction['outcome'], reply: Reply | null = null, messageId: string | null = null): void {
    const transaction = this.current;
    if (!transaction) return;
    const lastLine = this.#recorder.log.count - 1;
    // The part with the message may have carried it as it has become.
    if (transaction.outcome !== outcome || transaction.reply !== reply || transaction.lastLine !== lastLine)
      this.changed.add(transaction);
    Object.assign(transaction, { outcome, reply, messageId, lastLine });
    this.current = undefined;
    this.#recorder.transaction = undefined;
    const { marks } = this.#recorder;
    if (outcome === 'refused') marks.refused = briefRefusal([transaction]) ?? marks.refused;
    if (outcome === 'aborted') marks.aborted = true;
  }

  /** Ends the current transaction by a command that gives it up. */
  reset(by: NonNullable<Transaction['endedBy']>): void {
    if (this.current) this.current.endedBy = by;
    this.end('reset');
  }

  data(facts: DataFacts): void {
    if (this.current) this.current.data = facts;
  }

  /** What has changed since the last call; ended ones leave memory with it. */
  take(): Transaction[] {
    const taken = [...this.changed];
    this.changed.clear();
    if (this.current?.outcome === 'open') this.changed.add(this.current);
    const { session } = this.#recorder;
    if (session.transactions.length > 100) {
      noteMails(session.transactions.slice(0, -50), session, this.findings);
      session.transactions = session.transactions.slice(-50);
    }
    return taken;
  }
}
