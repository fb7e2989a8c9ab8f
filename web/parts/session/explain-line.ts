// What a line of the transcript means, from the tables of shared/explain.
import type { Session } from '../../../shared/session.ts';
import type { TranscriptLine } from '../../../shared/transcript.ts';
import { explainCommand, type ExplainedParameter } from '../../../shared/explain/command.ts';
import { explainKeyword } from '../../../shared/explain/ehlo-keyword.ts';
import { explainReply } from '../../../shared/explain/reply.ts';
import type { LineNote } from './line-notes.ts';

export interface LineExplanation {
  title: string;
  /** e.g. `permanent failure`. */
  class: string | null;
  meaning: string;
  parameters: ExplainedParameter[];
  /** Of a reply: whether to retry, and what the client must do. */
  advice: string | null;
  reference: string | null;
}

const plain = (title: string, meaning: string, reference: string | null = null): LineExplanation => ({
  title,
  class: null,
  meaning,
  parameters: [],
  advice: null,
  reference,
});

/** The lines up to the command that this line answers; looks back no further than a long EHLO reply. */
function askedBefore(
  lines: readonly TranscriptLine[],
  index: number,
): { command: TranscriptLine | null; isFirst: boolean } {
  let isFirst = true;
  for (let at = index - 1; at >= 0 && at > index - 100; at -= 1) {
    const line = lines[at]!;
    if (line.from === 'client') return { command: line, isFirst };
    if (line.kind === 'reply' && line.more) isFirst = false;
    else if (line.kind === 'reply') return { command: null, isFirst };
  }
  return { command: null, isFirst };
}

function explainServer(
  lines: readonly TranscriptLine[],
  index: number,
  line: TranscriptLine,
): LineExplanation {
  const said = /^\d{3}[ -]?(.*)$/s.exec(line.text)?.[1] ?? '';
  const { command, isFirst } = askedBefore(lines, index);
  const isOffer = !isFirst && line.code === 250 && /^(EHLO|LHLO)\b/i.test(command?.text ?? '');
  if (isOffer) {
    const [keyword = '', params = ''] = [/^\S*/.exec(said)?.[0], said.replace(/^\S*\s*/, '')];
    const known = explainKeyword(keyword, params);
    const title = `${keyword} is offered`;
    if (!known) return plain(title, 'This extension is not known here.');
    return {
      ...plain(title, known.meaning, known.reference),
      parameters: known.parameters.filter(({ meaning }) => meaning !== ''),
    };
  }
  const code = line.code ?? 0;
  const { meaning, advice, reference, class: kind } = explainReply(code, line.enhanced ?? null, said);
  const title = [line.code, line.enhanced].filter(Boolean).join(' ');
  return { title, class: kind, meaning, parameters: [], advice, reference };
}

function explainStep({ step }: LineNote): LineExplanation {
  const fields = step?.decoded.map(([name, value]) => ({
    name,
    value: value || '(empty)',
    meaning: 'Decoded from base64.',
  }));
  return {
    ...plain(`AUTH: ${step?.what ?? 'a step'}`, step?.problem ?? 'A step of the login.', 'RFC 4954 4'),
    parameters: fields ?? [],
  };
}

/** `lines` from line 0 on; null where there is nothing to say beyond the line itself. Never throws. */
export function explainLine(
  lines: readonly TranscriptLine[],
  line: TranscriptLine,
  session: Session,
  note: LineNote | undefined,
): LineExplanation | null {
  const index = lines[line.n]?.n === line.n ? line.n : lines.findIndex(({ n }) => n === line.n);
  if (line.kind === 'tls') {
    const shake = session.handshakes.findLast((one) => one.line <= line.n);
    return plain('Bytes of the TLS handshake', shake?.failure?.text ?? line.text, 'RFC 8446 4');
  }
  if (line.kind === 'data')
    return /^BDAT\b/i.test(lines[index - 1]?.text ?? '')
      ? plain(
          'A chunk of the message',
          'As many bytes as BDAT said; dots are not doubled in them.',
          'RFC 3030 2',
        )
      : plain(
          'The message',
          'Everything between the reply to DATA and the line of one dot.',
          'RFC 5321 4.1.1.4',
        );
  if (note?.step && (line.kind === 'auth' || line.from === 'server')) {
    const step = explainStep(note);
    if (line.from === 'client') return step;
    const reply = explainServer(lines, index, line);
    return { ...reply, meaning: reply.meaning, parameters: step.parameters };
  }
  if (line.kind === 'command') {
    const known = explainCommand(line.text);
    if (!known)
      return plain('Not an SMTP command', 'No known command begins like this line.', 'RFC 5321 4.1.1');
    const decoded = note?.step ? explainStep(note).parameters : [];
    return {
      ...plain(known.verb, known.meaning, known.reference),
      parameters: [...known.parameters, ...decoded],
    };
  }
  if (line.kind === 'reply') return explainServer(lines, index, line);
  const fault = note?.faults[0];
  if (fault) {
    const what = `${fault.text} The server did it on purpose, as a rule of yours said.`;
    return plain(fault.name ?? 'A simulated failure', fault.id === 'bounce-address' ? fault.text : what);
  }
  if (line.kind === 'raw') return plain('Bytes that are no line of SMTP', line.text);
  return null;
}

/** `RFC 5321 4.2.3, RFC 3463 3.2` as parts, with an address where there is one. */
export function referenceParts(reference: string): { text: string; href: string | null }[] {
  return reference.split(', ').map((text) => {
    const [, number, section] = /^RFC (\d{3,5})(?: ([A-Z]?[\d.]*))?$/.exec(text) ?? [];
    if (number === undefined) return { text, href: null };
    const place = section ? `#${/^\d/.test(section) ? 'section' : 'appendix'}-${section}` : '';
    return { text, href: `https://www.rfc-editor.org/rfc/rfc${number}.html${place}` };
  });
}
