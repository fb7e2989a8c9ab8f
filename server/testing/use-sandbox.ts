// A sandbox for all tests of a file, by the hooks that Jest, Vitest with globals and Mocha-like runners have.
import type { TestClient } from '../../shared/client/waiting.ts';
import type { SandboxOptions } from './options.ts';
import { startSandbox, waitsOf, type Sandbox } from './sandbox.ts';

export interface Hooks {
  beforeAll(work: () => Promise<void>): unknown;
  afterAll(work: () => Promise<void>): unknown;
  beforeEach(work: () => Promise<void>): unknown;
}

const notStarted =
  'The sandbox is not started yet. Use it in tests and in hooks, not at the top of the file.';

function globalHooks(): Hooks {
  const hooks = globalThis as unknown as Partial<Hooks>;
  if (hooks.beforeAll && hooks.afterAll && hooks.beforeEach) return hooks as Hooks;
  throw new Error(
    'useSandbox found no beforeAll, afterAll and beforeEach. Import them from the runner, such as vitest, and pass them: ' +
      'useSandbox({ hooks: { beforeAll, afterAll, beforeEach } }).',
  );
}

/**
 * Starts a sandbox before the tests of the file that it is called in, and closes it after them. Its waits take only
 * what came since the running test began. `hooks` are those of the runner where it does not have them as globals.
 */
export function useSandbox({
  hooks,
  ...options
}: SandboxOptions & { hooks?: Hooks | undefined } = {}): Sandbox {
  const { beforeAll, afterAll, beforeEach } = hooks ?? globalHooks();
  let started: Sandbox | undefined;
  let waits: TestClient | undefined;
  beforeAll(async () => {
    started = await startSandbox(options);
  });
  beforeEach(async () => {
    waits = await started?.client.fromNow();
  });
  afterAll(async () => {
    await started?.close();
    started = undefined;
  });
  const current = (): Sandbox => {
    if (!started) throw new Error(notStarted);
    return waits ? { ...started, ...waitsOf(waits), client: waits } : started;
  };
  return new Proxy({} as Sandbox, {
    // Runners look at values for these, also before it is started.
    get: (_, name) =>
      started === undefined && (typeof name === 'symbol' || name === 'then')
        ? undefined
        : current()[name as keyof Sandbox],
    has: (_, name) => started !== undefined && name in started,
  });
}
