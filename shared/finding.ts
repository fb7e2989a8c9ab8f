// A finding: what a rule concluded of a session or a message, with the evidence that it stands on and what to do.
import * as z from 'zod';
import { severities } from './severity.ts';
import { offsetUs } from './transcript.ts';

export const severity = z.enum(severities).meta({
  id: 'Severity',
  description: [
    'How bad it is, the worst first:',
    '- `blocker`: no mail of this client can arrive so.',
    '- `error`: this mail, or a recipient of it, is lost, or a real server would refuse it.',
    '- `warning`: it works here, and fails with servers that people use, or is not safe.',
    '- `notice`: against a standard or a custom, with little harm.',
    '- `info`: worth knowing; nothing is wrong.',
  ].join('\n'),
});
export type { Severity } from './severity.ts';

export const findingStages = [
  'connect',
  'greeting',
  'ehlo',
  'tls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'quit',
  'header',
  'mime',
  'content',
  'application',
] as const;
export const findingStage = z.enum(findingStages).meta({
  id: 'FindingStage',
  description:
    'Where in the life of a mail. header, mime and content are about the message; application is what never reaches a server.',
});
export type FindingStage = z.infer<typeof findingStage>;

const quoted = z
  .string()
  .max(300)
  .optional()
  .describe('What stands there, cut to 300 characters; secrets are masked.');
/** What a finding stands on; the page jumps to it. */
export const evidence = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('line'),
      n: z.int().nonnegative().describe('Of the transcript.'),
      to: z.int().nonnegative().optional().describe('The last of several lines.'),
      text: quoted,
    }),
    z.object({
      kind: z.literal('absence'),
      after: z.int().nonnegative().nullable().describe('The line of the transcript behind which it was due.'),
      what: z.string().max(300).describe('What did not come, e.g. a command behind the TLS handshake.'),
    }),
    z.object({
      kind: z.literal('message'),
      offset: z.int().nonnegative().describe('In bytes of the raw message.'),
      length: z.int().nonnegative(),
      header: z.string().optional().describe('The name of the field that it is about.'),
      part: z.string().optional().describe('The path of the part, e.g. 1.2.'),
      text: quoted,
    }),
    z.object({
      kind: z.literal('missing-header'),
      header: z.string().describe('The field that the message does not have.'),
    }),
    z.object({
      kind: z.literal('timing'),
      fromUs: offsetUs,
      toUs: offsetUs,
      what: z.string().max(300),
    }),
    z.object({
      kind: z.literal('certificate'),
      fingerprint256: z.string(),
      field: z.string().describe('e.g. names, validTo, issuer.'),
      text: quoted,
    }),
    z.object({
      kind: z.literal('session'),
      id: z.string().describe('Another session that belongs to it.'),
      text: quoted,
    }),
  ])
  .meta({ id: 'FindingEvidence' });
export type Evidence = z.infer<typeof evidence>;

/** What a rule found, without the words: those stand in the catalogue of rules. */
export const found = z
  .object({
    rule: z.string().describe('e.g. tls.certificate-rejected; stable.'),
    severity,
    confidence: z.number().gt(0).max(1).describe('Below 0.6 it is worded as a possibility.'),
    evidence: z.array(evidence).min(1).max(20),
    vars: z
      .record(z.string(), z.union([z.string().max(200), z.number()]))
      .describe('What the sentences of the rule are filled with.'),
  })
  .meta({ id: 'Found' });
export type Found = z.infer<typeof found>;

export const foundSummary = z
  .object({ count: z.int().positive(), worst: severity })
  .meta({ id: 'FoundSummary', description: 'Findings but those of `info`; absent where there are none.' });
export type FoundSummary = z.infer<typeof foundSummary>;

export const reference = z
  .object({
    text: z.string().describe('e.g. RFC 5322 3.6.1.'),
    url: z.string().describe('e.g. https://www.rfc-editor.org/rfc/rfc5322#section-3.6.1.'),
  })
  .meta({ id: 'Reference' });

export const snippet = z
  .object({
    client: z.string().describe('As the guess of the client names it, e.g. nodemailer.'),
    language: z.string().describe('e.g. js, php, python, ini, sh.'),
    code: z.string(),
  })
  .meta({ id: 'FixSnippet' });
export type FixSnippet = z.infer<typeof snippet>;

export const fix = z
  .object({
    text: z.string().describe('What to do, as a sentence.'),
    risk: z
      .enum(['dev-only', 'weakens-security'])
      .nullable()
      .describe('dev-only: right here, never in production. null: safe anywhere.'),
    snippets: z.array(snippet).describe('That of the client that was recognised first.'),
  })
  .meta({ id: 'Fix' });
export type Fix = z.infer<typeof fix>;

export const finding = found
  .extend({
    title: z.string(),
    stage: findingStage,
    explanation: z.string().describe('What it means, with what was seen.'),
    causes: z.array(z.string()).describe('The likeliest first.'),
    fixes: z.array(fix),
    references: z.array(reference),
    client: z
      .object({ name: z.string(), confidence: z.number() })
      .nullable()
      .describe('The program that the client probably is.'),
    fingerprint: z
      .string()
      .describe('The same for findings of the same problem, however often it comes; that of its issue.'),
  })
  .meta({ id: 'Finding' });
export type Finding = z.infer<typeof finding>;

/** A rule of the catalogue, as the call for rules gives it. */
export const ruleSummary = z
  .object({
    id: z.string(),
    title: z.string(),
    stage: findingStage,
    scope: z
      .enum(['session', 'message', 'series', 'application'])
      .describe('series: in several sessions together; application: told by what a program prints only.'),
    severity,
    explanation: z.string().describe('With {names} where a finding has what was seen.'),
    causes: z.array(z.string()),
    fixes: z.array(fix),
    references: z.array(reference),
  })
  .meta({ id: 'Rule' });
export type RuleSummary = z.infer<typeof ruleSummary>;

/** A rule whose problem makes programs print what was given. */
export const errorMatch = z
  .object({
    rule: ruleSummary.describe('Its sentences are filled with what the text says, such as the host.'),
    confidence: z.number().gt(0).max(1),
    client: z.string().nullable().describe('The program that prints such, e.g. nodemailer.'),
    text: z.string().describe('The piece that matched.'),
    preset: z
      .string()
      .nullable()
      .describe('The simulated failure that makes the same, e.g. gmail/mailbox-full.'),
  })
  .meta({ id: 'ErrorMatch' });
export type ErrorMatch = z.infer<typeof errorMatch>;
