// What a line of a transcript is in the protocol, and its text without what differs between any two sessions.
import type { TranscriptLine } from '../transcript.ts';

/** What is left out of the comparison of texts. */
export interface Ignore {
  /** Host names and IP addresses. Default: true. */
  hosts?: boolean;
  /** Dates and times. Default: true. */
  times?: boolean;
  /** Ids of messages and sessions, challenges, lengths of masked secrets. Default: true. */
  ids?: boolean;
  /** Mail addresses in MAIL and RCPT. Default: false. */
  addresses?: boolean;
}

export interface Meaning {
  line: TranscriptLine;
  /** Lines with one key stand for each other: the same verb, or a reply to it. */
  key: string;
  /** Key and text: lines that are the same. For a reply the command is a part of it. */
  whole: string;
  text: string;
}

const maxText = 4000;
const greetingVerbs = new Set(['EHLO', 'HELO', 'LHLO']);
const weekday = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}';
const dates = new RegExp(
  `\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?)?(?: ?Z|[+-]\\d\\d:?\\d\\d)?|` +
    `${weekday},? \\d{1,2} [a-z]{3} \\d{4} \\d\\d:\\d\\d(?::\\d\\d)?(?: [+-]\\d{4})?`,
  'gi',
);
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const ownIds = /\b[ms]_[A-Za-z0-9_-]{10,62}/g;
const queueIds = /\b((?:queued as|queued mail for delivery as|id)[ =:]{1,3})[A-Za-z0-9._<>@-]{6,80}/gi;
const literals = /\[(?:IPv6:)?[0-9a-f.:]{2,45}\](?::\d{1,5})?/gi;
// RFC 4954 §4: the prompts of AUTH LOGIN are no challenges.
const prompts = new Set(['VXNlcm5hbWU6', 'UGFzc3dvcmQ6', 'VXNlciBOYW1lAA==', 'UGFzc3dvcmQA', '']);

/** EHLO by a domain, by an address literal and by a bare name are three things; which domain it is, is not. */
function formOfName(name: string): string {
  if (/^\[.*\]$/.test(name)) return '[address]';
  return name.includes('.') ? 'host.domain' : name.toLowerCase();
}

function simplify(line: TranscriptLine, verb: string, isFirst: boolean, ignore: Required<Ignore>): string {
  let text = line.text.slice(0, maxText);
  if (line.kind === 'tls') return text.replace(/\(\d+ bytes\)/g, '');
  if (ignore.ids) {
    text = text.replace(ownIds, '(id)').replace(uuid, '(id)').replace(queueIds, '$1(id)');
    if (line.masked) text = text.replace(/\*+/g, '*');
    if (line.code === 334 && !prompts.has(text.slice(4))) text = '334 (challenge)';
  }
  if (ignore.times) text = text.replace(dates, '(time)');
  if (ignore.hosts) {
    text = text.replace(literals, '[address]');
    if (line.from === 'client' && greetingVerbs.has(verb))
      text = text.replace(/^(\S+\s+)(\S+)/, (_, command: string, name: string) => command + formOfName(name));
    const greets = (verb === '' && line.code === 220) || greetingVerbs.has(verb);
    if (line.from === 'server' && isFirst && greets)
      text = text
        .replace(/^(\d{3}[ -])(?:[\w-]+\.)*[\w-]+(?= |$)/, '$1host')
        .replace(/(\bgreets ).*$/i, '$1client');
  }
  if (ignore.addresses && (verb === 'MAIL' || verb === 'RCPT')) text = text.replace(/<[^<>]+>/g, '<address>');
  return text;
}

const keywordOf = (text: string): string =>
  /^\d{3}[ -](?:AUTH=)?([A-Za-z0-9-]+)/.exec(text)?.[1]?.toUpperCase() ?? '';

export function readMeanings(lines: TranscriptLine[], given: Ignore = {}): Meaning[] {
  const ignore = { hosts: true, times: true, ids: true, addresses: false, ...given };
  let verb = '';
  let command = '';
  let replyLine = 0;
  return lines.map((line): Meaning => {
    if (line.from === 'client' && line.kind !== 'tls') {
      const word = /^[A-Za-z]{1,12}/.exec(line.text)?.[0]?.toUpperCase() ?? '?';
      verb = line.kind === 'command' ? word : line.kind;
      replyLine = 0;
    }
    const text = simplify(line, verb, replyLine === 0, ignore);
    const ending = line.from === null || line.kind === 'tls' ? '' : line.eol;
    if (line.from === 'client' && line.kind !== 'tls') {
      const key = `C ${verb}`;
      command = `${key} ${text}`;
      return { line, key, text, whole: `${key} ${text} ${ending}` };
    }
    if (line.kind !== 'reply') {
      const key = `${line.kind} ${line.from}`;
      return { line, key, text, whole: `${key} ${text}` };
    }
    // Each line of an EHLO reply is an offer of its own.
    const offer = greetingVerbs.has(verb) && replyLine > 0 ? ` ${keywordOf(line.text)}` : '';
    const key = `S ${verb}${offer || (replyLine > 0 ? ' more' : '')}`;
    replyLine = line.more ? replyLine + 1 : 0;
    // "250-" and "250 " differ only by which offer comes last.
    const said = offer ? text.replace(/^(\d{3})-/, '$1 ') : text;
    return { line, key, text: said, whole: `${key} ${said} ${ending} ${command}` };
  });
}
