// What the error means that a program printed: the rules in the other direction, from what is read in a log to what is
// wrong. Pure, and linear in the length of the text, which may be anything.
import type { ErrorMatch } from '../finding.ts';
import { findRule } from './catalogue.ts';
import { allErrors } from './errors/all-errors.ts';
import { recogniseClient } from './errors/client-names.ts';
import type { ErrorText, RuleErrors } from './errors/error-text.ts';
import { withoutOtherServices } from './errors/other-services.ts';
import { findQuotedReply, type QuotedReply } from './errors/quoted-reply.ts';
import { writeMatchedRule } from './errors/write-match.ts';

export const mostErrorText = 20_000;
const mostMatches = 10;
const mostShown = 300;

/** Without colours and other controls of a terminal; lines end in LF. */
const readable = (text: string): string =>
  text
    .slice(0, mostErrorText)
    .replaceAll(/\x1b\[[0-9;]{0,20}[A-Za-z]/g, '')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\x00-\x08\x0b-\x1f\x7f]/g, ' ');

interface Hit {
  id: string;
  text: ErrorText;
  found: RegExpExecArray;
}

/** The surest text of a rule. */
function hit(id: string, { texts }: RuleErrors, text: string): Hit[] {
  let best: Hit | undefined;
  for (const one of texts) {
    if (best !== undefined && best.text[1] >= one[1]) continue;
    const found = one[2].exec(text);
    if (found !== null) best = { id, text: one, found };
  }
  return best === undefined ? [] : [best];
}

const stagesOfPresets: Readonly<Record<string, string>> = {
  connect: 'server.greeting-refused',
  ehlo: 'ehlo.refused',
  starttls: 'server.starttls-failed',
  rcpt: 'server.recipient-refused',
  message: 'server.message-refused',
};

/** The rule for a reply that no other explains. */
function ruleOfReply({ code, reply, preset }: QuotedReply): string {
  if (preset?.stage === 'auth' || code === 535 || code === 534)
    return code < 500 ? 'auth.temporary' : 'auth.failed';
  const byStage = preset === null ? undefined : stagesOfPresets[preset.stage];
  if (byStage !== undefined) return byStage;
  if (/ [45]\.[12]\.(?:[0-6]|10)\b/.test(reply)) return 'server.recipient-refused';
  if (/ [45]\.6\.\d/.test(reply)) return 'server.message-refused';
  return code < 500 ? 'server.put-off' : 'server.refused';
}

const overlaps = (hit: Hit, reply: QuotedReply): boolean =>
  hit.found.index < reply.at + reply.length && reply.at < hit.found.index + hit.found[0].length;

/** The likeliest first, at most ten; none for a text that tells of no failure to send mail. */
export function explainError(given: string): ErrorMatch[] {
  const text = readable(given);
  const client = recogniseClient(text);
  const ofMail = withoutOtherServices(text);
  const reply = findQuotedReply(ofMail);
  const hits = Object.entries(allErrors).flatMap(([id, errors]) => hit(id, errors, ofMail));

  const write = (id: string, confidence: number, piece: string, one?: Hit): ErrorMatch[] => {
    const rule = findRule(id);
    if (rule === undefined) return [];
    const name = client ?? one?.text[0] ?? null;
    const isQuoted = reply !== null && (one === undefined || overlaps(one, reply));
    const given = { text, said: allErrors[id]?.said, found: one?.found };
    return [
      {
        rule: writeMatchedRule(rule, given, reply, name),
        confidence,
        client: name,
        text: piece.slice(0, mostShown).trim(),
        preset: isQuoted ? (reply.preset?.name ?? null) : null,
      },
    ];
  };

  const matches = hits.flatMap((one) => write(one.id, one.text[1], one.found[0], one));
  const isTold = reply !== null && hits.some((one) => one.text[1] >= 0.6 && overlaps(one, reply));
  if (reply !== null && !isTold)
    matches.push(...write(ruleOfReply(reply), reply.preset === null ? 0.8 : 0.9, reply.reply));
  const ids = new Set<string>();
  return matches
    .toSorted((one, other) => other.confidence - one.confidence)
    .filter(({ rule }) => !ids.has(rule.id) && ids.add(rule.id))
    .slice(0, mostMatches);
}
