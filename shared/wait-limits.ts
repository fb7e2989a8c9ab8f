// What bounds waits, as plain data: also the SDK reads it, which brings no zod.
export const waitLimits = {
  timeoutMs: 300_000,
  defaultTimeoutMs: 10_000,
  count: 1000,
  /** Waits and expectations at once. */
  waits: 500,
  /** So many of what arrived come with the failure of a wait. */
  arrived: 20,
} as const;
