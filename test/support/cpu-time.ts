// For promises that something takes no longer than its size: a clock would also count what else the machine does.

/** Milliseconds of CPU that this process has used until now. */
export function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
