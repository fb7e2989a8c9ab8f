// How bad a finding is, and where in the life of a mail, as words.
import type { FindingStage, Severity } from '../../../shared/finding.ts';
import type { Tone } from '../../format.ts';
import type { IconName } from '../Icon.svelte';

export const severityWords: Record<Severity, { tone: Tone; icon: IconName; meaning: string }> = {
  blocker: { tone: 'bad', icon: 'issue', meaning: 'No mail of this client can arrive so.' },
  error: { tone: 'bad', icon: 'issue', meaning: 'This mail is lost, or a real server would refuse it.' },
  warning: {
    tone: 'warn',
    icon: 'alert',
    meaning: 'It works here, and fails with servers that people use, or is not safe.',
  },
  notice: { tone: 'plain', icon: 'eye', meaning: 'Against a standard or a custom, with little harm.' },
  info: { tone: 'plain', icon: 'eye', meaning: 'Worth knowing; nothing is wrong.' },
};

export const stageNames: Record<FindingStage, string> = {
  connect: 'connection',
  greeting: 'greeting',
  ehlo: 'EHLO',
  tls: 'TLS',
  auth: 'login',
  mail: 'sender',
  rcpt: 'recipient',
  data: 'message transfer',
  quit: 'end',
  header: 'header',
  mime: 'MIME structure',
  content: 'content',
  application: 'application',
};

/** How surely it is so; nothing where that needs no word. */
export const wordConfidence = (confidence: number): string =>
  confidence < 0.6 ? 'possibly' : confidence < 0.85 ? 'probably' : '';
