// A session as a Python program that has it again: the recorded bytes, in the recorded order.
import type { Session } from '../session.ts';
import type { TranscriptLine } from '../transcript.ts';
import type { LoginPart } from './login-parts.ts';
import { pythonBytes, pythonText } from './python-literal.ts';
import {
  pythonConversation,
  pythonEnvironment,
  pythonImports,
  pythonLogins,
  pythonStored,
} from './python-program.ts';
import { readSteps, type Sent, type Step } from './steps.ts';
import { targetOf, type ReplayOptions } from './target.ts';

const tlsVersions: Record<string, string> = {
  TLSv1: 'TLSv1',
  'TLSv1.1': 'TLSv1_1',
  'TLSv1.2': 'TLSv1_2',
  'TLSv1.3': 'TLSv1_3',
};

function expressionOf(part: LoginPart): string {
  switch (part.make) {
    case 'plain':
      return `plain(${pythonText(part.authorizationId)}, ${pythonText(part.user)})`;
    case 'text':
      return `encoded(${pythonText(part.text)}.encode())`;
    case 'password':
      return "encoded(environment('SMTP_PASSWORD'))";
    case 'cram-md5':
      return `cram_md5(${pythonText(part.user)}, talk.last)`;
    case 'xoauth2':
      return `xoauth2(${pythonText(part.user)})`;
    case 'oauthbearer':
      return `oauthbearer(${pythonText(part.user)})`;
    case 'scram-first':
      return `scram_first(${pythonText(part.user)})`;
    case 'scram-final':
      return 'scram_final(talk.last)';
    case 'response':
      return `Secret(environment('SMTP_RESPONSE_${part.line}'))`;
    case 'nothing':
      return "b''";
  }
}

/** One literal for each line, so that the program can be read and changed. */
function messageLiteral(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at) + 1 || bytes.length;
    lines.push(`    ${pythonBytes(bytes.subarray(at, end))}`);
    at = end;
  }
  return lines.length === 0 ? "Message(b'')" : `Message(\n${lines.join('\n')}\n)`;
}

function argumentOf(sent: Sent, urlOf: (id: string) => string): string {
  switch (sent.kind) {
    case 'bytes':
      return pythonBytes(sent.bytes);
    case 'login':
      return expressionOf(sent.part);
    case 'message':
      return messageLiteral(sent.bytes);
    case 'stored': {
      const { stuffed, offset, length, messageId } = sent;
      return `stored(${pythonText(urlOf(messageId))}, ${stuffed ? 'True' : 'False'}, ${offset}, ${length})`;
    }
    case 'lost':
      return `talk.stop('here ${sent.length} bytes were sent that were not kept')`;
  }
}

function statementsOf(step: Step, urlOf: (id: string) => string): string[] {
  if (step.kind === 'end') return [`talk.end('${step.how}')`];
  if (step.kind === 'tls') {
    const version = step.version === null ? undefined : tlsVersions[step.version];
    const name = step.sni === null ? 'None' : pythonText(step.sni);
    return [
      `talk.start_tls(${name}, ${version ? `ssl.TLSVersion.${version}` : 'None'}, ${step.ok ? 'True' : 'False'})`,
    ];
  }
  const parts = step.sent.map((sent) => argumentOf(sent, urlOf));
  return [
    ...(parts.length > 0 ? [`talk.send(${parts.join(', ')})`] : []),
    ...(step.replies.length > 0 ? [`talk.expect(${step.replies.join(', ')})`] : []),
  ];
}

const sentIn = (steps: Step[]): Sent[] =>
  steps.flatMap((step) => (step.kind === 'exchange' ? step.sent : []));

const isFetched = (steps: Step[]): boolean => sentIn(steps).some(({ kind }) => kind === 'stored');

function preludeFor(steps: Step[], asksForLogin: boolean): string {
  const sent = sentIn(steps);
  const makes = new Set(sent.flatMap((one) => (one.kind === 'login' ? [one.part.make] : [])));
  const scram = makes.has('scram-first') || makes.has('scram-final') ? pythonLogins.scram : '';
  const simple = (['plain', 'cram-md5', 'xoauth2', 'oauthbearer'] as const).filter((make) => makes.has(make));
  return [
    pythonConversation,
    makes.size > 0 || asksForLogin ? pythonEnvironment : '',
    ...simple.map((make) => pythonLogins[make]),
    scram,
    isFetched(steps) ? pythonStored(asksForLogin) : '',
  ]
    .filter(Boolean)
    .join('\n');
}

/** Names of the environment variables that the program reads. */
function variablesOf(steps: Step[], asksForLogin: boolean): string[] {
  const names = sentIn(steps).flatMap((sent) => {
    if (sent.kind === 'stored') return asksForLogin ? ['MAILSCOPE_TOKEN'] : [];
    if (sent.kind !== 'login' || sent.part.make === 'nothing' || sent.part.make === 'text') return [];
    if (sent.part.make === 'response') return [`SMTP_RESPONSE_${sent.part.line}`];
    return [/oauth/.test(sent.part.make) ? 'SMTP_TOKEN' : 'SMTP_PASSWORD'];
  });
  return [...new Set(names)];
}

/**
 * A program for Python 3.7 and newer. `lines` are all lines of the session, best with the bytes of messages
 * (`data=full`). Secrets come from the environment. It prints both sides and exits 1 where a reply differs.
 */
export function toScript(session: Session, lines: TranscriptLine[], options: ReplayOptions = {}): string {
  const { host, port } = targetOf(session, options);
  const { messageUrl, asksForLogin = false } = options;
  const steps = readSteps(session, lines, messageUrl !== undefined);
  const variables = variablesOf(steps, asksForLogin);
  const body = steps.flatMap((step) => statementsOf(step, (id) => messageUrl?.(id) ?? ''));
  return `#!/usr/bin/env python3
# Has a recorded SMTP session again: python3 replay.py [HOST [PORT]]
${variables.length > 0 ? `# Needs in the environment: ${variables.join(', ')}\n` : ''}${pythonImports}

HOST = sys.argv[1] if len(sys.argv) > 1 else ${pythonText(host)}
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else ${port}

${preludeFor(steps, asksForLogin)}

talk = Conversation(HOST, PORT)
${body.join('\n')}
`;
}
