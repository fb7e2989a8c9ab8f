// Sends one kind of news to one client, one message at a time: the next is taken only once the last was acknowledged.

export interface Outlet {
  /** There may be something to send. */
  wake(): void;
  close(): void;
}

/**
 * `next` gives a send, or undefined when there is nothing now. A send resolves with the acknowledgement. `onFailure`
 * is called when `next` throws or the client does not answer in time.
 */
export function createOutlet(
  next: () => Promise<((timeoutMs: number) => Promise<unknown>) | undefined>,
  { patienceMs, onFailure }: { patienceMs: number; onFailure: (cause: unknown) => void },
): Outlet {
  let isOpen = true;
  let isRunning = false;
  let wasWoken = false;

  async function run(): Promise<void> {
    isRunning = true;
    try {
      do {
        wasWoken = false;
        for (let send = await next(); isOpen && send !== undefined; send = await next())
          await send(patienceMs);
      } while (wasWoken && isOpen);
    } catch (cause) {
      if (isOpen) onFailure(cause);
      isOpen = false;
    }
    isRunning = false;
  }

  return {
    wake() {
      wasWoken = true;
      if (isOpen && !isRunning) void run();
    },
    close() {
      isOpen = false;
    },
  };
}
