// Issues that are seen very often are told a few times in a second.
import type { Issue } from '../../shared/issue.ts';

const everyMs = 250;

/** Tells an issue at once, and then at most once in that time, as it is by then. */
export function createThinning(tell: (issue: Issue) => void): (issue: Issue) => void {
  /** Null: told already. */
  const waiting = new Map<string, Issue | null>();
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    timer = undefined;
    const due = [...waiting.values()];
    waiting.clear();
    for (const issue of due) if (issue) add(issue);
  };
  function add(issue: Issue): void {
    const isFirst = !waiting.has(issue.id);
    waiting.set(issue.id, isFirst ? null : issue);
    timer ??= setTimeout(flush, everyMs).unref();
    if (isFirst) tell(issue);
  }
  return add;
}
