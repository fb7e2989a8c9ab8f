// How much memory the process has.

/** The system is asked by a file; without a descriptor left for it, what it had at most is told. */
export function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
