// A fault: a rule that makes the server misbehave on purpose, as real servers do. Which moment of a session it is
// about, for which sessions, how often, and what happens then.
import * as z from 'zod';
import { countedPer, endingsOf, factsOf, faultStages, needsReply, waysToCount } from './fault-stages.ts';
import { parseDuration } from './units.ts';

export const faultStage = z.enum(faultStages).meta({
  id: 'FaultStage',
  description: [
    'The moment that it is about:',
    '- `connect`: in place of the greeting (implicit TLS: behind the handshake).',
    '- `ehlo`: EHLO, HELO or LHLO.',
    '- `starttls`: the command. `tls`: the handshake, once the ClientHello has come.',
    '- `auth`: in place of the answer to the credentials.',
    '- `mail`, `rcpt`: the command.',
    '- `data`: in place of the 354, or of the answer to the first BDAT; with `afterBytes`, while the message comes.',
    '- `message`: the message has come, and nothing of it is stored yet.',
    '- `stored`: it is stored, and its 250 is due.',
    '- `bounce`: the message is stored and answered 250; then a delivery report (RFC 3464) comes back to MAIL FROM.',
    '- `quit`: the command.',
  ].join('\n'),
});

const mostMs = 600_000;
const noTime = 'must be a time such as 500ms, 30s or 2m, at most 10m';
const duration = z.union([z.string().max(40), z.number()], noTime).transform((given, context) => {
  const ms = parseDuration(String(given));
  if (ms !== undefined && ms <= mostMs) return ms;
  context.addIssue({ code: 'custom', message: noTime });
  return z.NEVER;
});

const pattern = z.string().min(1, 'must not be empty').max(320);
const patterns = z
  .union(
    [pattern, z.array(pattern).min(1, 'needs at least one').max(50)],
    'must be a pattern such as *@example.com, or a list of them',
  )
  .transform((given) => (typeof given === 'string' ? [given] : given));

/** All that are given must hold. `*` stands for any characters, and case does not matter. One of a list is enough. */
export const faultWhen = z
  .strictObject({
    from: patterns.optional().describe('MAIL FROM, without brackets; `*@example.com`.'),
    to: patterns.optional().describe('RCPT TO; behind RCPT one of the accepted ones.'),
    user: patterns.optional().describe('Who logs in, or has.'),
    client: patterns.optional().describe('The name given in EHLO or HELO.'),
    ip: patterns.optional().describe('The address of the client, as PROXY or XCLIENT may give it.'),
    listener: patterns
      .optional()
      .describe('e.g. `smtp`, `submission`, `smtps`, or the name of a further one.'),
    largerThan: z.int().min(0).optional().describe('Bytes of the message; before it has come, of its SIZE.'),
  })
  .meta({ id: 'FaultWhen' });
export type FaultWhen = z.output<typeof faultWhen>;

/** Of the moments that match, which: first `skip` are let be, then each `every`th counts, by `chance`, at most `count`. */
export const faultTimes = z
  .strictObject({
    skip: z.int().min(0).max(1e6).default(0).describe('Default: 0.'),
    every: z.int().min(1).max(1e6).default(1).describe('Default: 1.'),
    chance: z.number().gt(0).max(100).default(100).describe('In percent. Default: 100.'),
    count: z.int().min(1).max(1e6).nullable().default(null).describe('null, the default: without end.'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1)
      .describe('The same seed draws the same moments. Default: 1.'),
    per: z
      .enum(waysToCount)
      .default('rule')
      .describe(
        'Counted apart for each. Default: rule, all together; triplet: client address, MAIL FROM and RCPT TO, as greylisting does.',
      ),
  })
  .meta({ id: 'FaultTimes' });
export type FaultTimes = z.output<typeof faultTimes>;

export const faultReply = z
  .strictObject({
    code: z.int().min(400).max(599),
    enhanced: z
      .string()
      .regex(/^[45]\.\d{1,3}\.\d{1,3}$/, 'must be a status such as 5.1.1 (RFC 3463)')
      .nullable()
      .default(null),
    text: z
      .string()
      .max(2000)
      .regex(/^[^\p{Cc}]*(\n[^\p{Cc}]*){0,19}$/u, 'must be 1 to 20 lines without control characters')
      .default('')
      .describe(
        'A reply of several lines has \\n between them. `{from}`, `{rcpt}`, `{ip}`, `{client}` stand for those of the session, `{domain}` for that of MAIL FROM.',
      ),
  })
  .refine(
    ({ code, enhanced }) => enhanced === null || enhanced.startsWith(String(code)[0]!),
    'an enhanced status begins with the first digit of the code (RFC 2034 4)',
  )
  .meta({ id: 'FaultReply' });
export type FaultReply = z.output<typeof faultReply>;

export const faultEnding = z.enum(['continue', 'close', 'reset', 'hang']).meta({
  id: 'FaultEnding',
  description:
    'What follows: `continue` with the session; `close` the connection (FIN); `reset` it (RST); `hang`: nothing is answered any more, until the client leaves or 10 minutes have passed.',
});
export type FaultEnding = z.infer<typeof faultEnding>;

/** RFC 5321 4.1.1.1: keywords of the reply to EHLO. */
const keyword = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/, 'must be a keyword such as STARTTLS');

const what = {
  name: z
    .string()
    .trim()
    .min(1, 'must not be empty; null: none')
    .max(80)
    .nullable()
    .describe('For people, and for a search in sessions. null: none.'),
  enabled: z.boolean(),
  stage: faultStage,
  when: faultWhen,
  times: faultTimes,
  delay: duration.describe(
    'In milliseconds, or as 500ms, 30s, 2m, at most 10m. Before everything else; 0: none.',
  ),
  reply: faultReply.nullable().describe('null: the usual one, or none where the connection ends.'),
  then: faultEnding,
  afterBytes: z
    .int()
    .min(1)
    .max(1e9)
    .nullable()
    .describe('Only `data`: the ending comes when so many bytes of the message have come.'),
  without: z.array(keyword).max(50).describe('Only `ehlo`: keywords that are not offered.'),
};

/** What of a rule does not go together; the first thing, with the field that it is about. */
function findContradiction(rule: FaultRule): { path: string; message: string } | null {
  const { stage, when, reply, then, afterBytes, without, delay } = rule;
  const unknown = Object.keys(when).find((fact) => !factsOf[stage].includes(fact));
  if (unknown !== undefined)
    return { path: `when.${unknown}`, message: `is not known yet at the stage ${stage}` };
  if (!countedPer(stage).includes(rule.times.per))
    return { path: 'times.per', message: `is not known yet at the stage ${stage}` };
  if (reply !== null && stage === 'tls')
    return {
      path: 'reply',
      message: 'there is no SMTP within a TLS handshake; close, reset or hang instead',
    };
  if (reply === null && needsReply.includes(stage))
    return { path: 'reply', message: 'says why the message bounces, e.g. 550 5.1.1 No such user' };
  if (!endingsOf[stage].includes(then))
    return { path: 'then', message: `cannot be ${then} at the stage ${stage}` };
  if (without.length > 0 && stage !== 'ehlo')
    return { path: 'without', message: 'is for the stage ehlo, which tells what is offered' };
  if (afterBytes !== null && (stage !== 'data' || then === 'continue' || reply !== null))
    return {
      path: 'afterBytes',
      message: 'is for the stage data with close, reset or hang, without a reply',
    };
  if (reply === null && then === 'continue' && delay === 0 && without.length === 0)
    return { path: 'reply', message: 'nothing would happen: give a reply, a delay, `then` or `without`' };
  return null;
}

const rule = z.strictObject(what);
/** A whole rule, with all that is not given as usual. */
export type FaultRule = z.output<typeof rule>;

export const faultRule = rule.superRefine((given, context) => {
  const found = findContradiction(given);
  if (found) context.addIssue({ code: 'custom', path: found.path.split('.'), message: found.message });
});

const presetName = z
  .string()
  .regex(/^[a-z0-9-]{1,40}(\/[a-z0-9-]{1,60})?$/, 'must be the name of a preset such as gmail/over-quota');

/** With a preset, what is given beside it takes the place of what the preset says. */
export const faultInput = z
  .strictObject({
    preset: presetName
      .optional()
      .describe('A failure of a real server, by its name in `GET /api/faults/presets`.'),
    name: what.name.optional(),
    enabled: what.enabled.optional().describe('Default: true.'),
    stage: what.stage.optional().describe('Needed without a preset.'),
    when: what.when.optional().describe('Default: any session.'),
    times: what.times.optional().describe('Default: always.'),
    delay: what.delay.optional(),
    reply: what.reply.optional(),
    then: what.then
      .optional()
      .describe('Default: continue; at `connect` close, unless only a `delay` is given.'),
    afterBytes: what.afterBytes.optional(),
    without: what.without.optional(),
  })
  .meta({ id: 'FaultInput' });
export type FaultInput = z.output<typeof faultInput>;

export const faultChanges = faultInput.omit({ preset: true }).meta({
  id: 'FaultChanges',
  description: 'What is given takes the place of what was; `when`, `times` and `reply` as a whole.',
});
export type FaultChanges = z.output<typeof faultChanges>;

export const faultId = z.string().regex(/^f_[A-Za-z0-9_-]{1,62}$/, 'must be the id of a rule');

export const fault = z
  .object({
    id: faultId,
    ...what,
    delay: z.int().describe('In milliseconds.'),
    when: z
      .object({
        from: z.array(z.string()),
        to: z.array(z.string()),
        user: z.array(z.string()),
        client: z.array(z.string()),
        ip: z.array(z.string()),
        listener: z.array(z.string()),
        largerThan: z.int(),
      })
      .partial(),
    text: z.string().describe('The rule as a sentence.'),
    source: z.enum(['config', 'api']).describe('config: from flags or a file, and changed only there.'),
    createdAt: z.iso.datetime(),
    applied: z.int().describe('How often, since the start, or since it was last changed.'),
    appliedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Fault' });
export type Fault = z.infer<typeof fault>;

export const faultPreset = z
  .object({
    name: presetName,
    title: z.string(),
    text: z.string().describe('What it means, and what a sender should do.'),
    stage: faultStage,
    reply: faultReply.nullable(),
    then: faultEnding,
    times: faultTimes.partial().optional(),
    delay: z.int().optional(),
    afterBytes: what.afterBytes.optional(),
    without: what.without.optional(),
  })
  .meta({ id: 'FaultPreset' });
export type FaultPreset = z.infer<typeof faultPreset>;

/** A fault that a session met, where it did. */
export const appliedFault = z
  .object({
    id: z
      .string()
      .describe('Of the rule, or `bounce-address` for an address such as bounce+550-5.1.1@example.com.'),
    name: z.string().nullable(),
    stage: faultStage,
    line: z.int().nonnegative().describe('Of the transcript, where it says so.'),
    text: z.string().describe('What was done, as a sentence.'),
  })
  .meta({ id: 'AppliedFault' });
export type AppliedFault = z.infer<typeof appliedFault>;
