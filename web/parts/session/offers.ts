// What the server offered, one row for each extension and one column for each EHLO.
import { explainKeyword } from '../../../shared/explain/ehlo-keyword.ts';
import type { EhloExchange } from '../../../shared/session.ts';
import type { TranscriptLine } from '../../../shared/transcript.ts';

export interface OfferRow {
  keyword: string;
  meaning: string | null;
  reference: string | null;
  used: boolean;
  /** Null where that EHLO was not answered with it. */
  cells: ({ params: string; used: boolean; line: number | null } | null)[];
}

/** The reply begins after the command with the greeting; each offer is a line of its own (RFC 5321 §4.1.1.1). */
function lineOf(lines: readonly TranscriptLine[], exchange: EhloExchange, index: number): number | null {
  const line = lines[exchange.line + 2 + index];
  const keyword = exchange.offered[index]?.keyword.toUpperCase();
  return line && keyword !== undefined && line.text.toUpperCase().slice(4).startsWith(keyword)
    ? line.n
    : null;
}

export function offerRows(exchanges: readonly EhloExchange[], lines: readonly TranscriptLine[]): OfferRow[] {
  const rows = new Map<string, OfferRow>();
  exchanges.forEach((exchange, column) => {
    exchange.offered.forEach(({ keyword, params, used }, index) => {
      const name = keyword.toUpperCase();
      const known = explainKeyword(keyword, params);
      const row = rows.get(name) ?? {
        keyword,
        meaning: known?.meaning ?? null,
        reference: known?.reference ?? null,
        used: false,
        cells: exchanges.map(() => null),
      };
      row.used ||= used;
      row.cells[column] = { params, used, line: lineOf(lines, exchange, index) };
      rows.set(name, row);
    });
  });
  return [...rows.values()];
}
