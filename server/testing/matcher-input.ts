// Whether a matcher was given what it can look at: what it does not know it would pass over, and then pass.
type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function kindOf(value: unknown): string {
  if (!isObject(value)) return value === null ? 'null' : typeof value;
  if ('then' in value) return 'a promise: await what gives it first';
  if ('waitForMessages' in value) return 'a sandbox or client: its waitForMessage gives one';
  if ('headers' in value && 'rcptTo' in value) return 'a message';
  if ('rcptTo' in value) return 'the summary of one: waitForMessage gives it whole';
  return 'an object of another kind';
}

/** Throws unless `value` can be waited for. */
export function requireMail(matcher: string, value: unknown): void {
  // It is read, not looked for with "in": a sandbox that is not started yet says so.
  if (isObject(value) && typeof value['waitForMessages'] === 'function') return;
  throw new TypeError(`${matcher} takes a sandbox, mail or a client. This is ${kindOf(value)}.`);
}

/** Throws unless `value` is a whole message. */
export function requireMessage(matcher: string, value: unknown): void {
  if (isObject(value) && 'headers' in value && 'rcptTo' in value) return;
  throw new TypeError(`${matcher} takes a message. This is ${kindOf(value)}.`);
}

/** `wanted`; throws where it asks for a field that would be passed over. */
export function onlyFields<T extends object>(matcher: string, wanted: T, fields: (keyof T & string)[]): T {
  const unknown = Object.keys(wanted).find((name) => !(fields as string[]).includes(name));
  if (unknown === undefined) return wanted;
  throw new TypeError(`${matcher} knows no ${unknown}. It takes: ${fields.join(', ')}.`);
}
