// Values as text for people. Pure: no state, no DOM.
import { formatParameter } from '../shared/smtp-text.ts';
import type { Address } from '../shared/message.ts';
import type { EsmtpParameter } from '../shared/transaction.ts';
import type { Outcome } from '../shared/session.ts';

export { plural } from '../shared/explain/wording.ts';
export { formatEndpoint, formatReply } from '../shared/smtp-text.ts';

/**
 * Characters that change how the text around them looks without being seen: C0 and C1 controls, bidirectional
 * overrides and isolates, zero-width and other invisible ones (Trojan Source, Unicode TR36).
 */
const hiddenCharacters =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** ZWJ and variation selectors are part of many emoji; between or after pictographs they stay. */
const emojiSequence =
  /\p{Extended_Pictographic}[\ufe0e\ufe0f]?\p{Emoji_Modifier}?(?:\u200d\p{Extended_Pictographic}[\ufe0e\ufe0f]?\p{Emoji_Modifier}?)*/gu;

export interface VisiblePart {
  text: string;
  /** Set when `text` stands for a character that would not be seen. */
  hidden: boolean;
}

function nameHidden(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Text cut where it holds characters that would not be seen. With `keepsLayout` tabs and line feeds stay. */
export function visibleParts(text: string, keepsLayout = false): VisiblePart[] {
  const parts: VisiblePart[] = [];
  const plain = (end: number): void => {
    if (end > done) parts.push({ text: text.slice(done, end), hidden: false });
  };
  let done = 0;
  const kept = [...text.matchAll(emojiSequence)].map((match) => [match.index, match.index + match[0].length]);
  let next = 0;
  for (const match of text.matchAll(hiddenCharacters)) {
    while (kept[next] && (kept[next]?.[1] ?? 0) <= match.index) next += 1;
    if (kept[next] && (kept[next]?.[0] ?? Infinity) < match.index) continue;
    if (keepsLayout && (match[0] === '\t' || match[0] === '\n')) continue;
    plain(match.index);
    parts.push({ text: nameHidden(match[0]), hidden: true });
    done = match.index + match[0].length;
  }
  plain(text.length);
  return parts;
}

/** The same as one string, for titles and attributes. */
export function visible(text: string): string {
  return visibleParts(text)
    .map((part) => (part.hidden ? `\u2039${part.text}\u203a` : part.text))
    .join('');
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** Bytes in steps of 1,024, as the advertised SIZE limit is counted. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A length of time in micro-seconds. */
export function formatDuration(us: number): string {
  if (us < 1000) return `${us} µs`;
  if (us < 10_000) return `${(us / 1000).toFixed(2)} ms`;
  if (us < 1_000_000) return `${(us / 1000).toFixed(us < 100_000 ? 1 : 0)} ms`;
  if (us < 60_000_000) return `${(us / 1_000_000).toFixed(us < 10_000_000 ? 2 : 1)} s`;
  const seconds = Math.round(us / 1_000_000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** A moment of a session, for a column: always seconds, so that digits line up. */
export function formatOffset(us: number): string {
  const seconds = us / 1_000_000;
  return seconds < 1000 ? seconds.toFixed(4) : seconds.toFixed(1);
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hour12: false });

/** For a list: the clock of today, the day before that. */
export function formatMoment(iso: string, now: Date = new Date()): string {
  const moment = new Date(iso);
  if (moment.toDateString() === now.toDateString()) return clock.format(moment);
  const year = moment.getFullYear() === now.getFullYear() ? '' : ` ${moment.getFullYear()}`;
  return `${day.format(moment)}${year}, ${clock.format(moment).slice(0, 5)}`;
}

export function formatFull(iso: string): string {
  return full.format(new Date(iso));
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

export function formatAddress(address: Address): string {
  if (!address.name) return address.address;
  return address.address ? `${address.name} <${address.address}>` : address.name;
}

/** Who a list shows a message as coming from. */
export function formatSender(from: readonly Address[], mailFrom: string): string {
  const first = from[0];
  return first?.name || first?.address || mailFrom || '(null sender)';
}

export const formatParameters = (parameters: readonly EsmtpParameter[]): string =>
  parameters.map(formatParameter).join(' ');

export type Tone = 'good' | 'warn' | 'bad' | 'live' | 'plain';

/** RFC 5321 §4.2.1: the first digit says success, more to come, temporary or permanent failure. */
export function toneOfCode(code: number): Tone {
  if (code >= 500) return 'bad';
  if (code >= 400) return 'warn';
  return code >= 300 ? 'live' : 'good';
}

export const outcomes: Record<Outcome, { word: string; tone: Tone; meaning: string }> = {
  open: { word: 'running', tone: 'live', meaning: 'The connection is still open.' },
  captured: { word: 'captured', tone: 'good', meaning: 'At least one message was stored.' },
  refused: {
    word: 'refused',
    tone: 'warn',
    meaning:
      'MAIL, RCPT or DATA got a 4xx or 5xx reply, or the client gave up with one to EHLO, STARTTLS or XCLIENT.',
  },
  'auth-failed': { word: 'auth failed', tone: 'bad', meaning: 'An AUTH failed and none succeeded.' },
  'tls-failed': {
    word: 'TLS failed',
    tone: 'bad',
    meaning: 'A TLS handshake failed, or TLS came on a plain port.',
  },
  'timed-out': { word: 'timed out', tone: 'warn', meaning: 'One of our time limits ended it.' },
  aborted: { word: 'aborted', tone: 'bad', meaning: 'The connection went away in the middle of something.' },
  'no-command': {
    word: 'no mail',
    tone: 'plain',
    meaning: 'The client left without sending a message.',
  },
  interrupted: { word: 'interrupted', tone: 'plain', meaning: 'Mailscope stopped while the session ran.' },
};
