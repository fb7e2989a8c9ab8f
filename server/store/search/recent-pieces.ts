// Pieces of columns that were read lately: who types a search asks for the same ones with each letter. A piece is known
// by the number that its block got when it was made, so that one that has changed since is read anew.
import type { Connection } from '../sqlite/connection.ts';

type Piece = string | Float64Array;

interface Column {
  pieces: Map<number, { made: number; piece: Piece }>;
  bytes: number;
}

/** Of all columns of a connection: those of 100,000 messages and as many sessions. Letters beyond Latin-1 count half. */
const mostBytes = 40 * 1024 * 1024;
/** After that time nobody is searching any more. */
const forgottenMs = 60_000;

export interface RecentPieces {
  /** To be called before a column is asked for: the columns that were not for the longest time go first. */
  use(column: string): void;
  get(column: string, block: number, made: number | undefined): Piece | undefined;
  keep(column: string, block: number, made: number | undefined, piece: Piece): void;
}

const byConnection = new WeakMap<Connection, RecentPieces>();

export function recentPieces(connection: Connection): RecentPieces {
  const known = byConnection.get(connection) ?? createRecentPieces();
  byConnection.set(connection, known);
  return known;
}

const sizeOf = (piece: Piece | undefined): number =>
  typeof piece === 'string' ? piece.length : (piece?.byteLength ?? 0);

function createRecentPieces(): RecentPieces {
  const columns = new Map<string, Column>();
  let bytes = 0;
  let timer: NodeJS.Timeout | null = null;

  function forgetAll(): void {
    timer = null;
    columns.clear();
    bytes = 0;
  }

  function makeRoom(): void {
    for (const [name, column] of columns) {
      if (bytes <= mostBytes) return;
      columns.delete(name);
      bytes -= column.bytes;
    }
  }

  return {
    use(name) {
      const column = columns.get(name) ?? { pieces: new Map(), bytes: 0 };
      columns.delete(name);
      columns.set(name, column);
      timer = timer?.refresh() ?? setTimeout(forgetAll, forgottenMs).unref();
    },
    get(name, block, made) {
      const entry = columns.get(name)?.pieces.get(block);
      return entry?.made === made ? entry?.piece : undefined;
    },
    keep(name, block, made, piece) {
      const column = columns.get(name);
      if (column === undefined || made === undefined) return;
      const more = sizeOf(piece) - sizeOf(column.pieces.get(block)?.piece);
      column.pieces.set(block, { made, piece });
      column.bytes += more;
      bytes += more;
      makeRoom();
    },
  };
}
