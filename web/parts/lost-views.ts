// Views whose code did not come, as while the server was away: they are tried again when it is there again.
const lost = new Set<() => void>();

/** Until the returned function is called. */
export function tryOnReturn(again: () => void): () => void {
  lost.add(again);
  return () => lost.delete(again);
}

export function tryLostViews(): void {
  for (const again of [...lost]) again();
}
