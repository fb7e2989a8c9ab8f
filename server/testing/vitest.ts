// What `mailscope/vitest` gives: matchers, a fixture with a sandbox for each test file, and useSandbox.
import type { TestClient } from '../../shared/client/waiting.ts';
import type { SandboxOptions } from './options.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';

export { connectForTests } from '../../shared/client/test-client.ts';
export { matchers } from './matchers.ts';
export { startSandbox } from './sandbox.ts';
export { useSandbox } from './use-sandbox.ts';
export type { SandboxOptions } from './options.ts';
export type { Sandbox } from './sandbox.ts';

export interface MailFixtures {
  /** One for the test file. */
  sandbox: Sandbox;
  /** Its client; the waits take only what came since the test began. */
  mail: TestClient;
}

type Use<T> = (value: T) => Promise<void>;
interface TestContext {
  task?: { name: string };
  onTestFailed?: (work: () => Promise<void>) => void;
}
/** As `test.extend` takes them. */
export interface MailFixtureFunctions {
  sandbox: [(context: object, use: Use<Sandbox>) => Promise<void>, { scope: 'file' }];
  mail: (context: TestContext & { sandbox: Sandbox }, use: Use<TestClient>) => Promise<void>;
}

/**
 * `const test = base.extend<MailFixtures>(mailFixtures());`
 *
 * A test that fails prints what arrived since it began, and the transcripts of sessions that failed.
 */
export function mailFixtures(options: SandboxOptions = {}): MailFixtureFunctions {
  return {
    sandbox: [
      async ({}, use) => {
        await using sandbox = await startSandbox(options);
        await use(sandbox);
      },
      { scope: 'file' },
    ],
    mail: async ({ sandbox, onTestFailed, task }, use) => {
      const mail = await sandbox.fromNow();
      onTestFailed?.(async () => {
        const arrivals = await mail.explainArrivals();
        process.stderr.write(`${task ? `The test "${task.name}" failed. ` : ''}${arrivals}\n`);
      });
      await use(mail);
    },
  };
}
