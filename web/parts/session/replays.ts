// The ways to take a session along: as a record, or as something that has it again.
import { toCurl } from '../../../shared/replay/to-curl.ts';
import { toScript } from '../../../shared/replay/to-script.ts';
import { toSwaks } from '../../../shared/replay/to-swaks.ts';
import type { ReplayOptions } from '../../../shared/replay/target.ts';
import type { Session } from '../../../shared/session.ts';
import type { TranscriptLine } from '../../../shared/transcript.ts';

export interface Export {
  name: 'text' | 'json' | 'swaks' | 'script' | 'curl';
  label: string;
  /** What it is good for. */
  hint: string;
  fileName: string;
  mediaType: string;
  text: string;
  /** What it cannot do. */
  notes: string[];
  /** Variables of the environment that stand for what was masked, and for the login to this API. */
  variables: string[];
  /** Whether it repeats one transaction of several. */
  isOne: boolean;
}

const variable = /\b(?:SMTP_(?:PASSWORD|TOKEN|RESPONSE_\d+)|MAILSCOPE_TOKEN)\b/g;
const variablesIn = (text: string): string[] => [...new Set(text.match(variable) ?? [])];

export function exportsOf(
  session: Session,
  lines: TranscriptLine[],
  text: string,
  options: ReplayOptions,
): Export[] {
  const swaks = toSwaks(session, lines, options);
  const curl = toCurl(session, lines, options);
  const script = toScript(session, lines, options);
  const { id } = session;
  const plain = { notes: [], variables: [], isOne: false };
  const command = { mediaType: 'text/x-shellscript', isOne: true };
  return [
    {
      ...plain,
      name: 'text',
      label: 'Text',
      hint: 'The transcript to read or to put into an issue. Control characters are escaped, secrets are masked.',
      fileName: `${id}.txt`,
      mediaType: 'text/plain',
      text,
    },
    {
      ...plain,
      name: 'json',
      label: 'JSON',
      hint: 'The facts and all lines, as the API gives them.',
      fileName: `${id}.json`,
      mediaType: 'application/json',
      text: JSON.stringify({ session, lines }, null, 2),
    },
    {
      ...command,
      name: 'swaks',
      label: 'swaks',
      hint: 'One command of swaks that has the session again.',
      fileName: `${id}.swaks.sh`,
      text: swaks.command,
      notes: swaks.notes,
      variables: variablesIn(swaks.command),
    },
    {
      ...plain,
      name: 'script',
      label: 'Script',
      hint: 'A program for Python 3 that sends the same bytes in the same packets and says where the replies differ.',
      fileName: `${id}.py`,
      mediaType: 'text/x-python',
      text: script,
      variables: variablesIn(script),
    },
    {
      ...command,
      name: 'curl',
      label: 'curl',
      hint: 'One command of curl that sends the message in the same way.',
      fileName: `${id}.curl.sh`,
      text: curl.command,
      notes: curl.notes,
      variables: variablesIn(curl.command),
    },
  ];
}
