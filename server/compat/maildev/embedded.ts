// What version 3 writes above a message that is attached inline: who wrote it to whom, and when.
import type { Address } from '../../../shared/message.ts';
import type { CompatParts, ListedAddress } from '../parts.ts';
import { escapeByNumber } from './text-html.ts';

const people = ['from', 'to', 'cc', 'bcc'];

function asText(list: (ListedAddress | Address)[]): string {
  const one = ({ name, address, ...rest }: ListedAddress): string => {
    const quoted = name && `"${name.replace(/["\\]/g, '\\$&')}"`;
    if ('group' in rest && rest.group) return `${quoted}: ${asText(rest.group)};`;
    return name && address ? `${quoted} <${address}>` : quoted || address;
  };
  return list.map(one).join(', ');
}

function asHtml(list: (ListedAddress | Address)[]): string {
  const one = ({ name, address, ...rest }: ListedAddress): string => {
    const group = 'group' in rest ? rest.group : undefined;
    const at = escapeByNumber(address);
    const link = address && `<a href="mailto:${at}" class="mp_address_email">${at}</a>`;
    const called = name && `<span class="mp_address_name">${escapeByNumber(name)}${group ? ': ' : ''}</span>`;
    const inner = name && address ? `${called} &lt;${link}&gt;` : called + link;
    return `<span class="mp_address_group">${inner}${group ? `${asHtml(group)};` : ''}</span>`;
  };
  return list.map(one).join(', ');
}

export interface Heading {
  text: string;
  html: string;
}

/** `header` has one unfolded field a line; a date that is none becomes `now`, the time of arrival. */
export function headingOf(parts: CompatParts, header: string, now: string): Heading {
  const fields = new Map<string, string>();
  for (const line of header.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    // Of To and its like the last counts, of the others the first.
    if (colon > 0 && value !== '' && (/^(?:to|b?cc)$/.test(name) || !fields.has(name)))
      fields.set(name, value);
  }
  const entries = ['From', 'Subject', 'Date', 'To', 'Cc', 'Bcc'].flatMap((name) => {
    const value = fields.get(name.toLowerCase());
    if (value === undefined) return [];
    if (people.includes(name.toLowerCase())) {
      const list = parts.parseAddresses(value, true);
      return [{ name, text: asText(list), html: asHtml(list) }];
    }
    if (name === 'Subject') {
      const text = parts.decodeWords(value);
      return [{ name, text, html: `<strong>${escapeByNumber(text)}</strong>` }];
    }
    const date = Number.isNaN(Date.parse(value)) ? now : value;
    const text = new Date(date).toUTCString();
    return [{ name, text, html: text }];
  });
  const row = ({ name, html }: (typeof entries)[number]): string =>
    `<tr><td class="mp_head_key">${name}:</td><td class="mp_head_value">${html}<td></tr>`;
  return {
    text: `\n${entries.map(({ name, text }) => `${name}: ${text}`).join('\n')}\n`,
    html: `<table class="mp_head">${entries.map(row).join('\n')}<table>`,
  };
}
