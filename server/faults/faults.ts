// The rules there are: made, changed and deleted here, kept by the store, carried out by the engine.
import { MailscopeError } from '../../shared/errors.ts';
import { explainFault } from '../../shared/explain-fault.ts';
import type { Fault, FaultChanges, FaultInput, FaultRule } from '../../shared/fault.ts';
import { changedFault, makeFault, type Made } from '../../shared/make-fault.ts';
import { isoOf, nowUs } from '../clock.ts';
import { newFaultId } from '../ids.ts';

const mostFaults = 1000;

export interface StoredFault {
  id: string;
  createdUs: number;
  rule: FaultRule;
}

export interface FaultStore {
  /** Oldest first. */
  loadFaults(): Promise<StoredFault[]>;
  /** Tells of it. */
  saveFault(fault: StoredFault, told: Fault, event: 'fault:created' | 'fault:changed'): Promise<void>;
  removeFaults(ids: string[]): Promise<void>;
}

export type NamedRule = FaultRule & { id: string };

interface Engine {
  /** Counts go on for those that are the same object. */
  set(rules: NamedRule[]): void;
  applied(id: string): { applied: number; atUs: number | null };
}

interface Known {
  source: Fault['source'];
  createdUs: number;
  rule: NamedRule;
}

/** Throws invalid_request with the place of what is wrong. */
function ruleOf(made: Made): FaultRule {
  if ('rule' in made) return made.rule;
  const path = made.path === '' ? 'body' : `body.${made.path}`;
  throw new MailscopeError('invalid_request', `${path}: ${made.problem}`, {
    hint: made.hint,
    details: [{ path, problem: made.problem }],
  });
}

export class Faults {
  #store: FaultStore;
  #engine: Engine;
  /** In the order in which they are tried. */
  #known = new Map<string, Known>();
  /** The last change; the next one begins with what it leaves. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(store: FaultStore, engine: Engine) {
    this.#store = store;
    this.#engine = engine;
  }

  /** Those of the configuration are tried first; they are not stored. */
  open(configured: readonly FaultRule[], stored: readonly StoredFault[]): void {
    const createdUs = nowUs();
    for (const [n, rule] of configured.entries()) {
      const id = `f_config-${n + 1}`;
      this.#known.set(id, { source: 'config', createdUs, rule: { ...rule, id } });
    }
    for (const { id, createdUs, rule } of stored)
      this.#known.set(id, { source: 'api', createdUs, rule: { ...rule, id } });
    this.#carryOut();
  }

  list(): Fault[] {
    return [...this.#known.values()].map((known) => this.#told(known));
  }

  /** Throws not_found. */
  read(id: string): Fault {
    return this.#told(this.#find(id));
  }

  /** Throws invalid_request and conflict. */
  async create(input: FaultInput): Promise<Fault> {
    const rule = ruleOf(makeFault(input));
    return this.#inTurn(async () => {
      if (this.#known.size >= mostFaults)
        throw new MailscopeError('conflict', `There are ${mostFaults} rules already.`, {
          hint: 'Delete those of tests that are over: POST /api/faults/delete with {"all":true}.',
        });
      const id = newFaultId();
      return this.#save({ source: 'api', createdUs: nowUs(), rule: { ...rule, id } }, 'fault:created');
    });
  }

  /** Throws invalid_request, not_found and conflict. */
  change(id: string, changes: FaultChanges): Promise<Fault> {
    return this.#inTurn(async () => {
      const before = this.#find(id);
      requireOwn(before);
      const { id: _, ...was } = before.rule;
      const rule = ruleOf(changedFault(was, changes));
      return this.#save({ ...before, rule: { ...rule, id } }, 'fault:changed');
    });
  }

  /** Throws not_found and conflict. */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      requireOwn(this.#find(id));
      await this.#forget([id]);
    });
  }

  /** How many: those that are not there are passed over, and all are those that are not of the configuration. */
  removeAll(which: { ids: string[] } | { all: true }): Promise<number> {
    return this.#inTurn(async () => {
      const asked = 'ids' in which ? new Set(which.ids) : undefined;
      const found = [...this.#known.values()].filter(({ source, rule: { id } }) =>
        asked ? asked.has(id) : source === 'api',
      );
      found.forEach(requireOwn);
      const ids = found.map(({ rule }) => rule.id);
      if (ids.length > 0) await this.#forget(ids);
      return ids.length;
    });
  }

  #find(id: string): Known {
    const known = this.#known.get(id);
    if (known) return known;
    throw new MailscopeError('not_found', `There is no rule ${id}.`, {
      hint: 'GET /api/faults lists them. It may have been deleted.',
    });
  }

  async #save(known: Known, event: 'fault:created' | 'fault:changed'): Promise<Fault> {
    const { id, ...rule } = known.rule;
    const { createdUs } = known;
    // It counts from the start.
    const told = tell(known, { applied: 0, atUs: null });
    await this.#store.saveFault({ id, createdUs, rule }, told, event);
    this.#known.set(id, known);
    this.#carryOut();
    return told;
  }

  async #forget(ids: string[]): Promise<void> {
    await this.#store.removeFaults(ids);
    for (const id of ids) this.#known.delete(id);
    this.#carryOut();
  }

  #carryOut(): void {
    this.#engine.set([...this.#known.values()].map(({ rule }) => rule));
  }

  #told = (known: Known): Fault => tell(known, this.#engine.applied(known.rule.id));

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => undefined);
    return changed;
  }
}

function requireOwn({ source, rule: { id } }: Known): void {
  if (source === 'config')
    throw new MailscopeError('conflict', `The rule ${id} comes from the configuration.`, {
      hint: 'Change it there (--fault, MAILSCOPE_FAULT or "fault" in the file), and start again.',
    });
}

const tell = (
  { source, createdUs, rule }: Known,
  { applied, atUs }: { applied: number; atUs: number | null },
): Fault => ({
  ...rule,
  text: explainFault(rule),
  source,
  createdAt: isoOf(createdUs),
  applied,
  appliedAt: atUs === null ? null : isoOf(atUs),
});
