// Work on texts of strangers, with a limit to its time.
import { createContext, Script } from 'node:vm';
import { codeOf } from './error-code.ts';

// What runs within a script of node:vm can be stopped, whatever it calls. One context serves all: nothing of the
// callers' is code in it.
const holder: { work: () => unknown } = { work: () => undefined };
const context = createContext(holder);
const script = new Script('work()');

/** `{ ok: false }`: it was stopped. Throws what the work throws. */
export function withinTime<T>(ms: number, work: () => T): { ok: true; value: T } | { ok: false } {
  holder.work = work;
  try {
    return { ok: true, value: script.runInContext(context, { timeout: ms }) as T };
  } catch (error) {
    if (codeOf(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return { ok: false };
  } finally {
    holder.work = () => undefined;
  }
}
