// A long reason as a headline and the rest, so that the first words are read first.
export function splitReason(text: string): { title: string; rest: string | null } {
  const cut = /; |: /.exec(text);
  if (!cut || text.length < 110 || cut.index > 160) return { title: text, rest: null };
  const rest = text.slice(cut.index + 2);
  return { title: `${text.slice(0, cut.index)}.`, rest: rest.charAt(0).toUpperCase() + rest.slice(1) };
}
