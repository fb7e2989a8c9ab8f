// Facts that commands leave in the record: EHLO offered and used, anomalies of a line.
import type { Connection } from './connection.ts';
import type { ReadLine } from './reader.ts';
import { findControlCharacter } from './path-command.ts';

const maxEhlo = 100;

/** Keeps an EHLO and what was offered in answer to it. */
export function recordEhlo(
  connection: Connection,
  line: number,
  verb: 'EHLO' | 'HELO' | 'LHLO',
  name: string,
  keywords: string[],
): void {
  const { session, secure } = connection.recorder;
  session.clientName = name;
  if (session.ehlo.length >= maxEhlo) return;
  session.ehlo.push({
    line,
    verb,
    name,
    secure,
    offered: keywords.map((entry) => {
      const blank = entry.indexOf(' ');
      return blank < 0
        ? { keyword: entry, params: '', used: false }
        : { keyword: entry.slice(0, blank), params: entry.slice(blank + 1), used: false };
    }),
  });
}

/** Marks an extension as used in the newest EHLO that offered it. */
export function markUsed(connection: Connection, keyword: string): void {
  const { ehlo } = connection.recorder.session;
  const offer = ehlo.at(-1)?.offered.find((entry) => entry.keyword === keyword);
  if (offer) offer.used = true;
}

/** Notes what is odd about a command line; the position of a control character that forbids it. */
export function inspectCommand(
  connection: Connection,
  line: ReadLine,
  number: number,
): ReturnType<typeof findControlCharacter> {
  const { recorder } = connection;
  const { bytes } = line;
  const crlf = bytes.length >= 2 && bytes[bytes.length - 2] === 13;
  if (line.complete && !crlf)
    recorder.anomaly('bare-lf', number, 'A command line ended in a bare LF; RFC 5321 2.3.8 wants CRLF.');
  const content = bytes.subarray(0, bytes.length - (line.complete ? (crlf ? 2 : 1) : 0));
  const control = findControlCharacter(content);
  if (control) {
    const kind = content.includes(0) ? 'nul' : content.includes(13) ? 'bare-cr' : 'control-character';
    recorder.anomaly(
      kind,
      number,
      `A command held the control character ${control.name} at position ${control.position}.`,
    );
  }
  return control;
}
