// An inbox: a name under which messages are gathered, with its own logins, rules, limits, tokens and life time.
import * as z from 'zod';
import { defaultInbox, inboxNameForm } from './inbox-name.ts';
import { parseDuration } from './units.ts';

export const inboxName = z
  .string()
  .regex(inboxNameForm, 'must be 1 to 63 of a-z, 0-9, dot, _ and -, and begin with a letter or a digit')
  .meta({ id: 'InboxName', description: `e.g. \`orders\`. \`${defaultInbox}\` has what no other takes.` });

/** Some ten years: an end that is further away may be none that a date can be. */
const maxDays = 3650;

/** `300ms`, `8s`, `2m`, `1h`, `7d`, or milliseconds; milliseconds come out. */
const duration = (least: number) =>
  z.union([z.string().max(40), z.number()]).transform((given, context) => {
    const ms = parseDuration(String(given));
    if (ms !== undefined && ms >= least && ms <= maxDays * 86_400_000) return ms;
    const message = `must be a time such as 500ms, 30s, 10m, 2h or 7d, at most ${maxDays}d`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

const pattern = z
  .string()
  .min(1)
  .max(200)
  .describe('A regular expression without look-around and back-references; case does not matter.');

/**
 * Which messages an inbox takes; one rule that holds is enough. Case matters nowhere but in user names.
 * - `user`: who logged in by AUTH.
 * - `recipient`: an accepted RCPT TO, the whole address.
 * - `domain`: its domain; `*.example.com` for all below that.
 * - `plus`: the part behind the + of its local part (`qa+run7@example.com`); with `address`, only of that one.
 * - `pattern`: found in one of the first 100 recipients; `^` and `$` stand for the ends of the address.
 * - `header`: a field of that name, with that value, or with the pattern in it.
 */
export const inboxRule = z
  .union([
    z.strictObject({ user: z.string().min(1).max(255) }),
    z.strictObject({ recipient: z.string().min(1).max(320) }),
    z.strictObject({ domain: z.string().regex(/^(\*\.)?[^@\s*]{1,253}$/, 'must be a domain') }),
    z.strictObject({ plus: z.string().min(1).max(64), address: z.string().min(3).max(320).optional() }),
    z.strictObject({ pattern }),
    z.strictObject({
      header: z.string().regex(/^[!-9;-~]{1,100}$/, 'must be the name of a header field'),
      value: z.string().max(1000).optional().describe('The whole value, decoded and unfolded.'),
      pattern: pattern.optional(),
    }),
  ])
  .meta({ id: 'InboxRule' });
export type InboxRule = z.infer<typeof inboxRule>;

const rules = z.array(inboxRule).max(100);
const maxMessages = z.int().min(0).max(1e9);

/** As AUTH takes it. */
const userName = z
  .string()
  .min(1)
  .regex(/^[^\p{Cc}\p{Surrogate}\u2028\u2029]*$/u, 'must not hold control characters')
  .refine((user) => new TextEncoder().encode(user).length <= 255, 'must be at most 255 bytes of UTF-8');

const smtpLogin = z.strictObject({
  user: userName.optional().describe('Default: the name of the inbox.'),
  password: z.string().min(1).max(255).optional().describe('Without it one is made up.'),
});

const limitsInput = z.strictObject({
  maxMessages: maxMessages.optional().describe('The oldest go first, pinned ones stay. 0: no limit.'),
  maxAge: duration(0).optional().describe('e.g. 7d, at most 3650d. 0: no limit.'),
});

export const inboxInput = z.strictObject({
  name: inboxName.optional().describe('Without it one is made up.'),
  smtp: smtpLogin
    .optional()
    .describe('A login of its own; who logs in with it sends to this inbox. {} makes one up.'),
  rules: rules.default([]),
  retention: limitsInput.prefault({}),
  ttl: duration(1).optional().describe('After so long it goes, with all that is in it. At most 3650d.'),
  token: z.enum(['read', 'write']).optional().describe('Makes a token for this inbox, with that scope.'),
});
export type InboxInput = z.output<typeof inboxInput>;

export const inboxChanges = z.strictObject({
  smtp: smtpLogin.nullable().optional().describe('null: no login.'),
  rules: rules.optional(),
  retention: limitsInput.optional(),
  ttl: duration(1).nullable().optional().describe('From now on, at most 3650d. null: it stays.'),
});
export type InboxChanges = z.output<typeof inboxChanges>;

export const inbox = z
  .object({
    name: inboxName,
    createdAt: z.iso.datetime().nullable().describe('null: it was always there.'),
    expiresAt: z.iso.datetime().nullable(),
    source: z.enum(['built-in', 'config', 'api']),
    user: z.string().nullable().describe('Its login; the password is shown once, when it is made.'),
    rules,
    retention: z.object({ maxMessages: z.int(), maxAgeMs: z.int() }).describe('0: no limit.'),
  })
  .meta({ id: 'Inbox' });
export type Inbox = z.infer<typeof inbox>;

export const countedInbox = inbox
  .extend({ messages: z.int(), unread: z.int(), sessions: z.int() })
  .meta({ id: 'CountedInbox' });
export type CountedInbox = z.infer<typeof countedInbox>;

export const tokenScope = z.enum(['read', 'write']).describe('write: all of read, and changes.');
export type TokenScope = z.infer<typeof tokenScope>;

export const inboxToken = z
  .object({
    id: z.string().regex(/^t_[A-Za-z0-9_-]{1,62}$/),
    inbox: inboxName,
    scope: tokenScope,
    label: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'InboxToken', description: 'Without the token itself: only a hash of it is kept.' });
export type InboxToken = z.infer<typeof inboxToken>;

export const newInbox = z.object({
  inbox,
  password: z.string().nullable().describe('Of its login. Shown only now.'),
  token: z.string().nullable().describe('Shown only now.'),
});
export type NewInbox = z.infer<typeof newInbox>;
