// A rule of the catalogue: the words for what it finds. What finds it stands apart: in `session/` for sessions, in
// server/mail/check for messages, which needs their bytes. What programs print when they meet it is in `errors/`; of a
// rule about what never reaches a server there is nothing else.
import type { FindingStage, Severity } from '../finding.ts';
import type { SnippetKind } from './snippets.ts';

/** Text with `{name}`, filled from the `vars` of a finding. */
export type Template = string;

export interface RuleFix {
  text: Template;
  /** Absent: safe anywhere. */
  risk?: 'dev-only' | 'weakens-security';
  /** The setting that does it, which each client calls otherwise. */
  snippets?: SnippetKind;
}

export interface Rule {
  /** Dotted, stable. */
  id: string;
  title: string;
  stage: FindingStage;
  /** application: nothing of it is seen on the wire. */
  scope: 'session' | 'message' | 'series' | 'application';
  /** Usual; what finds it may say another. */
  severity: Severity;
  explanation: Template;
  /** The likeliest first. */
  causes: Template[];
  fixes: RuleFix[];
  /** e.g. RFC 5322 3.6.1. */
  references: string[];
  /**
   * The `vars` whose other values make it another problem, beside whom it is about. There are few values of each: what
   * comes from users, as names, samples and sizes, would make an issue of each mail. Of an address the domain counts.
   */
  identity?: string[];
  /** Rules whose findings are but symptoms of this one: in the same message, mail or login; of a rule about the connection in all of the session. */
  suppresses?: string[];
}
