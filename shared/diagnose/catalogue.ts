// All rules. What is nearest to the cause comes first: where two findings weigh the same, its order decides.
import type { Rule } from './rule.ts';
import { addressRules } from './rules/addresses.ts';
import { applicationRules } from './rules/application.ts';
import { authRules } from './rules/auth.ts';
import { certificateRules } from './rules/certificate.ts';
import { commandRules } from './rules/commands.ts';
import { connectRules } from './rules/connect.ts';
import { contentRules } from './rules/content.ts';
import { credentialRules } from './rules/credentials.ts';
import { dataRules } from './rules/data.ts';
import { ehloRules } from './rules/ehlo.ts';
import { encodedWordRules } from './rules/encoded-words.ts';
import { envelopeRules } from './rules/envelope.ts';
import { headerRules } from './rules/header.ts';
import { mimeRules } from './rules/mime.ts';
import { networkRules } from './rules/network.ts';
import { seriesRules } from './rules/series.ts';
import { serverRules } from './rules/server.ts';
import { tlsRules } from './rules/tls.ts';

export const rules: readonly Rule[] = [
  ...connectRules,
  ...tlsRules,
  ...certificateRules,
  ...ehloRules,
  ...credentialRules,
  ...authRules,
  ...envelopeRules,
  ...commandRules,
  ...dataRules,
  ...seriesRules,
  ...headerRules,
  ...addressRules,
  ...encodedWordRules,
  ...mimeRules,
  ...contentRules,
  ...networkRules,
  ...serverRules,
  ...applicationRules,
];

const byId = new Map(rules.map((rule) => [rule.id, rule]));
export const findRule = (id: string): Rule | undefined => byId.get(id);
