// Rows of which a bad disk has changed a byte: SQLite keeps no checksums, so it shows only when their JSON is read. What can
// be had of such a record is shown, all others are as they were, and what is damaged is said once.

export interface Damage {
  /** Of which record, e.g. `the envelope of message m_1`. */
  what: string;
  /** The seq of a message whose source still has it. */
  parseAgain?: number;
}

/** Stands where nothing can be had. */
export const damagedText = '(this part of the record is damaged)';

let told: (damage: Damage) => void = () => undefined;

/** One for each storage thread. */
export function hearOfDamage(listener: (damage: Damage) => void): void {
  told = listener;
}

export const tellDamage = (damage: Damage): void => told(damage);

export interface Instead<T> extends Damage {
  instead: T;
}

/** Wrong JSON, or JSON that lacks what every one of ours has. All else has nothing to do with a byte that is another. */
const isOfContent = (error: unknown): boolean => error instanceof SyntaxError || error instanceof TypeError;

export function orInstead<T>(read: () => T, whenDamaged: () => Instead<T>): T {
  try {
    return read();
  } catch (error) {
    if (!isOfContent(error)) throw error;
    const { instead, ...damage } = whenDamaged();
    told(damage);
    return instead;
  }
}

export const readJson = <T>(text: string, whenDamaged: () => Instead<T>): T =>
  orInstead(() => JSON.parse(text) as T, whenDamaged);

/** So many are told in one run. */
const mostTold = 50;

/** On the main thread: each once, so that a message that cannot be helped is not parsed again and again. */
export function damageLog(
  onNotice: (text: string) => void,
  parseAgain: (seq: number) => void,
): (damage: Damage) => void {
  const known = new Set<string>();
  return ({ what, parseAgain: seq }) => {
    if (known.has(what) || known.size > mostTold) return;
    known.add(what);
    if (known.size > mostTold) {
      onNotice('Still more records of the database are damaged; they are not told one by one.');
      return;
    }
    const next =
      seq === undefined
        ? 'What else there is of it is shown.'
        : 'It is made anew from the source of the message.';
    onNotice(`The database is damaged: ${what} cannot be read. ${next}`);
    if (seq !== undefined) parseAgain(seq);
  };
}
