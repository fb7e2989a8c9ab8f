// The link that a reader of a mail is meant to follow.
import type { Link, Message } from '../message.ts';

/** In this order: what a mail was sent for comes first. */
const wanted: Link['purpose'][] = ['confirm', 'reset', 'login', 'invite'];

/** A message as the waits give it. */
export interface TestMessage extends Message {
  /**
   * The link that a reader is meant to click: the first to confirm, reset, log in or accept an invitation, else the
   * first that is none of unsubscribe, preferences, pixel and their like. Null where there is none.
   */
  clickable: Link | null;
}

export function findClickable(links: Link[]): Link | null {
  for (const purpose of wanted) {
    const found = links.find((link) => link.purpose === purpose);
    if (found) return found;
  }
  return links.find(({ purpose, href }) => purpose === 'other' && /^https?:/i.test(href)) ?? null;
}

export const withClickable = (message: Message): TestMessage => ({
  ...message,
  clickable: findClickable(message.links),
});
