// The reply of a server that a program quotes, what it means, and the simulated failure that answers the same.
import type { FaultPreset } from '../../fault.ts';
import { explainReply, type ReplyExplanation } from '../../explain/reply.ts';
import { faultPresets } from '../../fault-presets/presets.ts';

export interface QuotedReply extends ReplyExplanation {
  code: number;
  /** As it was quoted, in one line. */
  reply: string;
  /** Where it stands in what was given. */
  at: number;
  length: number;
  preset: FaultPreset | null;
}

const enhanced = String.raw`[45]\.\d{1,3}\.\d{1,3}`;
/** What servers of mail answer: in logs stand statuses of HTTP and counts, too. */
const codes = String.raw`(?:421|45[0-5]|50[0-4]|521|53[0458]|541|55[0-7]|571)`;
const http = String.raw`50[0-4][ -](?:[Ii]nternal|[Ss]erver [Ee]rror|[Bb]ad [Gg]ateway|[Ss]ervice |[Gg]ateway)|501 Not Implemented|421 Misdirected|45[01] (?:Unavailable For|Blocked by)|\d{3}[ -]https?:`;
const counted = String.raw`(?:of|out|on|in|to|at|as|is|was|are|were|from|for|per|and|or|but|with|that|when|where|before|behind|after|tests?|passed|failed|files?|items?|rows?|bytes?|[kKMG]i?B|ms|s|seconds?|requests?|packages?|modules?|times?|errors?|warnings?|problems?)\b`;
const plainReply = String.raw`(?!${http})(?<code>${codes})[ -](?!${counted})`;
/** The surest first. Of each, `code` may be missing where the enhanced code is there. */
const forms: readonly RegExp[] = [
  new RegExp(String.raw`(?<![\d.])(?<code>[45]\d\d)[ -]\(?#?(?<text>${enhanced}(?!\S)[^\n]{0,500})`),
  new RegExp(
    String.raw`\((?<code>${codes}), b?["'](?!Internal|Bad Gateway|Service Unavailable|Gateway)(?<text>[^"\n]{0,500})`,
  ),
  /got code "?(?<code>[45]\d\d)"?, with message "(?:[45]\d\d[ -])?(?<text>[^"\n]{0,500})/,
  new RegExp(String.raw`server response was: (?<text>${enhanced}[^\n]{0,500})`, 'i'),
  new RegExp(
    String.raw`(?:[Rr]esponse(?:=|: )|[Ss]aid: |[Rr]ejected: |[Ff]ailed: |[Ll]ogin: |answered |Exception: |[Rr]eply: )${plainReply}(?<text>[^\n]{0,500})`,
    'm',
  ),
  // Behind the mark of a transcript.
  new RegExp(
    String.raw`^\s{0,20}(?:S:|<\*\*|<-|--|<<<?|(?:[\d:.]{1,20} )?SERVER -> CLIENT:) {0,3}${plainReply}(?<text>(?:\d{1,3} )?[A-Za-z<[][^\n]{0,500})`,
    'm',
  ),
  // Alone on a line, in words of mail.
  new RegExp(
    String.raw`^\s{0,20}${plainReply}(?=[^\n]{0,200}\b(?:[Mm]ailbox|[Rr]ecipient|[Ss]ender|[Rr]elay(?:ing)?|[Uu]ser unknown|[Uu]nknown user|[Nn]o such user|Client host|SMTP|[Ss]pam|DNSBL)\b)(?<text>[A-Za-z<[][^\n]{0,500})`,
    'm',
  ),
];

/** Lines behind it that go on with the same code, as `550-5.7.26 ...`. */
function restOf(text: string, from: number, code: string): string {
  const rest: string[] = [];
  for (const line of text
    .slice(from, from + 2000)
    .split('\n')
    .slice(1, 10)) {
    const found = new RegExp(String.raw`^\s{0,20}${code}[ -](?:${enhanced} )?([^\n]{0,300})`).exec(line);
    if (found === null) break;
    rest.push(found[1]!.trim());
  }
  return rest.join(' ');
}

/** Without what closes the text of a reply in a log. */
function trimQuotes(text: string): string {
  let end = text.length;
  while (end > 0 && ` '")]}`.includes(text[end - 1]!)) end -= 1;
  return text.slice(0, end).trim();
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, ' ');

interface PresetText {
  preset: FaultPreset;
  pieces: string[];
}
let texts: PresetText[] | undefined;
/** The pieces of their replies between what is filled in; long enough to tell one from another. */
const presetTexts = (): PresetText[] =>
  (texts ??= faultPresets.flatMap((preset) => {
    if (preset.reply === null) return [];
    const pieces = plain(preset.reply.text ?? '').split(
      /\{\w+\}|https?:\/\/\S+|[.!?](?= |$)|\[[^\]]{0,200}\]|\S{1,60} - gsmtp/,
    );
    return [{ preset, pieces: pieces.map((piece) => piece.trim()).filter((piece) => piece.length >= 5) }];
  }));

/** The one whose words are there most. Half of them have to be, and the codes have to be the same. */
function findSame(code: number, said: string): FaultPreset | null {
  const status = /^[45]\.\d{1,3}\.\d{1,3}/.exec(said)?.[0];
  let best: FaultPreset | null = null;
  let most = 11;
  for (const { preset, pieces } of presetTexts()) {
    if (preset.reply?.code !== code) continue;
    if (status !== undefined && (preset.reply.enhanced ?? status) !== status) continue;
    const all = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const there = pieces.reduce((sum, piece) => sum + (said.includes(piece) ? piece.length : 0), 0);
    if (there > most && there * 2 >= all) [best, most] = [preset, there];
  }
  return best;
}

/** The reply that is quoted most plainly; null where there is none. */
export function findQuotedReply(text: string): QuotedReply | null {
  for (const form of forms) {
    const found = form.exec(text);
    if (found === null) continue;
    const said = found.groups?.text ?? '';
    const code = found.groups?.code ?? `${said.startsWith('4') ? 4 : 5}50`;
    const whole = trimQuotes([said, restOf(text, found.index, code)].join(' '));
    const reply = `${found.groups?.code ?? ''} ${whole}`.trim().slice(0, 500);
    const explained = explainReply(Number(code), null, whole);
    const preset = findSame(Number(code), plain(whole));
    return { ...explained, code: Number(code), reply, at: found.index, length: found[0].length, preset };
  }
  return null;
}
