// What the palette can run, and which commands a text means.
import type { IconName } from '../Icon.svelte';

export interface Command {
  id: string;
  group: string;
  label: string;
  icon: IconName;
  /** Beside the label, quieter. */
  detail?: string;
  /** Keys that do the same. */
  keys?: string[];
  /** Other words that people look for. */
  also?: string;
  /** Text of strangers, in which hidden characters are to be shown. */
  isStrange?: boolean;
  run: () => void;
}

/** 0: no match; higher is better. Every word must be in it, and counts more where a word begins with it. */
function score({ label, also = '', group }: Command, words: readonly string[]): number {
  const name = ` ${label.toLowerCase()}`;
  const rest = ` ${also.toLowerCase()} ${group.toLowerCase()}`;
  let total = 0;
  for (const word of words) {
    if (name.startsWith(` ${word}`)) total += 4;
    else if (name.includes(` ${word}`)) total += 3;
    else if (name.includes(word) || rest.includes(` ${word}`)) total += 1;
    else return 0;
  }
  return total;
}

/** The commands that a text means, best first; all of them for an empty text. */
export function match(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...commands];
  return commands
    .map((command) => ({ command, points: score(command, words) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ command }) => command);
}

/** Commands by their group, in the order in which groups come first. */
export function byGroup(commands: readonly Command[]): { name: string; commands: Command[] }[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups].map(([name, inGroup]) => ({ name, commands: inGroup }));
}
