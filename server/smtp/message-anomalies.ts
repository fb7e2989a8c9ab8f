// What is odd about the content of a message, noted with its line.
import type { DataFacts } from '../../shared/transaction.ts';
import { findParameter } from '../../shared/smtp-text.ts';
import type { Connection } from './connection.ts';

/** Also of content that did not end. */
export function noteLineBreaks(
  recorder: Connection['recorder'],
  facts: Pick<DataFacts, 'bareLf' | 'bareCr' | 'smuggling'>,
  line: number,
): void {
  const note = recorder.anomaly.bind(recorder);
  if (facts.bareLf)
    note(
      'bare-lf',
      line,
      'The message has lines that end in a bare LF; many servers refuse it (RFC 5321 2.3.8).',
      facts.bareLf,
    );
  if (facts.bareCr)
    note('bare-cr', line, 'The message has a bare CR, which RFC 5321 2.3.8 forbids.', facts.bareCr);
  const sequences = Object.keys(facts.smuggling);
  if (sequences.length)
    note(
      'smuggling-sequence',
      line,
      `The message holds ${sequences.join(', ')}, which some servers take for its end (SMTP smuggling).`,
    );
}

export function noteAnomalies(connection: Connection, facts: DataFacts, line: number): void {
  const { recorder, transactions } = connection;
  const note = recorder.anomaly.bind(recorder);
  noteLineBreaks(recorder, facts, line);
  if (facts.nul) note('nul', line, 'The message has NUL bytes, which RFC 5322 forbids.', facts.nul);
  if (facts.longestLine > 998)
    note(
      'overlong-line',
      line,
      `The longest line has ${facts.longestLine} bytes; RFC 5321 4.5.3.1.6 allows 998 and the CRLF.`,
    );
  const params = transactions.current?.from.params ?? [];
  const body = findParameter(params, 'BODY')?.value?.toUpperCase();
  if (facts.eightBit && body !== '8BITMIME' && body !== 'BINARYMIME')
    note(
      'eight-bit-without-8bitmime',
      line,
      `The message has ${facts.eightBit} bytes over 127, but MAIL did not say BODY=8BITMIME (RFC 6152).`,
    );
  const size = Number(findParameter(params, 'SIZE')?.value ?? NaN);
  if (size > 0 && Math.abs(size - facts.size) > Math.max(1024, facts.size * 0.1))
    note(
      'size-mismatch',
      line,
      `MAIL declared SIZE=${size}, the message has ${facts.size} bytes (RFC 1870).`,
    );
}
