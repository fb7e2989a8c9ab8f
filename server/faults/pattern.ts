// Patterns of `when`: `*` stands for any characters, and case does not matter.

/**
 * In time that is at most the product of both lengths: a regular expression with many `*` would take for ever on
 * texts of strangers.
 */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++;
      resumeAt = at;
    } else if (pattern[next] === text[at]) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resumeAt;
    } else return false;
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}

/** Whether one of the patterns stands for the text. */
export function createMatcher(patterns: readonly string[]): (text: string) => boolean {
  const folded = patterns.map((pattern) => pattern.toLowerCase().replace(/\*+/g, '*'));
  return (text) => {
    const lower = text.toLowerCase();
    return folded.some((pattern) => matches(pattern, lower));
  };
}
