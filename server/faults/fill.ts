// The text of a reply with the facts of the session in the place of `{rcpt}` and the like.
import type { FaultFacts } from '../../shared/fault-moment.ts';

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

const values = new Map<string, (facts: FaultFacts) => string | null>([
  ['from', ({ from }) => from],
  ['rcpt', ({ to }) => to[0] ?? null],
  ['domain', ({ from }) => (from === null ? null : domainOf(from))],
  ['ip', ({ ip }) => ip],
  ['client', ({ client }) => client],
]);

/** A value is the client's: it must not end the line, and what is not ASCII not all may be sent (RFC 6531 3.7.4.2). */
const shown = (value: string | null): string =>
  value === null ? 'unknown' : value.slice(0, 254).replace(/[^\x20-\x7e]/gu, '?');

export function fill(text: string, facts: FaultFacts): string {
  if (!text.includes('{')) return text;
  return text.replace(/\{([a-z]+)\}/g, (all, name: string) => {
    const value = values.get(name);
    return value ? shown(value(facts)) : all;
  });
}
