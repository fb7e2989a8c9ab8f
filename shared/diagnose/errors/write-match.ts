// The words of a rule for an error text: filled with what the text says, without what only a session could tell.
import type { RuleSummary } from '../../finding.ts';
import { filledSentences, isFilled } from '../fill-template.ts';
import type { Rule } from '../rule.ts';
import { writeRule, type Vars } from '../write-finding.ts';
import type { QuotedReply } from './quoted-reply.ts';

const addresses: readonly RegExp[] = [
  /\b(?:host|connect(?:ing)? to|server|relay|to)[ =:"']{1,4}(?:\w{1,5}:\/\/)?(?<host>[A-Za-z0-9.-]{1,253}):(?<port>\d{2,5})\b/,
  // Neither of a URL of something else, nor the line of a source file.
  /(?<![\w.-]|\b(?!smtps?:)[a-z]{2,12}:\/\/)(?<host>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}|localhost)(?<!\.(?:java|kt|scala|[cm]?[jt]sx?|vue|svelte|go|py|rb|php|rs|cs|c|cc|cpp|h|html?|css)):(?<port>\d{2,5})\b/,
  /\b(?:host|server)[ =:"']{1,4}(?<host>[A-Za-z0-9.-]{1,253})["'\n,;]/,
];

const short = (value: string): string => value.slice(0, 200).trim();

interface Address {
  host: string | undefined;
  port: string | undefined;
}

const linesAround = 2;
/** With the lines before and behind: what stands further away in a log is of something else. */
function around(text: string, at: number, length: number): string {
  let start = at;
  let end = at + length;
  for (let line = 0; line <= linesAround; line += 1) {
    start = start <= 0 ? 0 : text.lastIndexOf('\n', start - 1);
    end = end >= text.length || end < 0 ? text.length : text.indexOf('\n', end + (line === 0 ? 0 : 1));
  }
  return text.slice(Math.max(start, 0), end < 0 ? text.length : end);
}

/** That of the piece that matched goes before one that stands near it. */
function findAddress(text: string, groups: Readonly<Record<string, string>>): Address {
  const general = addresses.map((one) => one.exec(text)?.groups).find(Boolean);
  return {
    host: groups.host ?? groups.asked ?? general?.host,
    port: groups.port ?? (groups.host === undefined ? general?.port : undefined),
  };
}

function fillVars(
  { host, port }: Address,
  reply: QuotedReply | null,
  groups: Readonly<Record<string, string>>,
): Vars {
  const shown = host?.includes(':') ? `[${host}]` : host;
  const place = shown === undefined || port === undefined ? shown : `${shown}:${port}`;
  return {
    host: host ?? 'the name that is set',
    asked: host ?? 'the name',
    name: 'the field',
    place: place ?? 'that address',
    at: place === undefined ? '' : ` at ${place}`,
    ...(port === undefined ? {} : { port }),
    meaning: reply?.meaning ?? '',
    advice: reply?.advice ?? '',
    ...(reply === null ? {} : { reply: `"${short(reply.reply)}"`, code: reply.code }),
    ...groups,
  };
}

/** A real server, where settings of Mailscope are of no use. */
const isElsewhere = ({ host }: Address, reply: QuotedReply | null): boolean =>
  (reply?.preset && !reply.preset.name.startsWith('generic/')) === true ||
  (host !== undefined &&
    /\.[a-z]{2,63}$/i.test(host) &&
    !/\.(?:localhost|local|test|internal|invalid)$/i.test(host));
const isAboutMailscope = (fix: string): boolean =>
  /Mailscope|--[a-z]/.test(fix) && !/^(?:Send|Or let) /.test(fix);

/** `said` stands in place of the explanation; `found` is the piece that matched. */
export function writeMatchedRule(
  rule: Rule,
  given: { text: string; said: string | undefined; found: RegExpExecArray | undefined },
  reply: QuotedReply | null,
  client: string | null,
): RuleSummary {
  const groups = Object.fromEntries(
    Object.entries(given.found?.groups ?? {}).flatMap(([name, value]) =>
      value ? [[name, short(value)]] : [],
    ),
  );
  const [at, length] = given.found
    ? [given.found.index, given.found[0].length]
    : [reply?.at ?? 0, reply?.length ?? 0];
  const address = findAddress(around(given.text, at, length), groups);
  const vars = fillVars(address, reply, groups);
  const { said } = given;
  const words = writeRule(said === undefined ? rule : { ...rule, explanation: said }, vars, client);
  const fixes = words.fixes.filter(({ text }) => text !== '' && isFilled(text));
  const useful = isElsewhere(address, reply) ? fixes.filter(({ text }) => !isAboutMailscope(text)) : fixes;
  return {
    ...words,
    explanation: filledSentences(words.explanation) || `${words.title}.`,
    causes: words.causes.filter(isFilled),
    fixes: useful.length === 0 ? fixes : useful,
  };
}
