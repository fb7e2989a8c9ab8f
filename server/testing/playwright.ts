// What `mailscope/playwright` gives: fixtures with a sandbox for each worker, and matchers.
import type { TestClient } from '../../shared/client/waiting.ts';
import type { SandboxOptions } from './options.ts';
import { clientFor, startSandbox, type Sandbox } from './sandbox.ts';

export { connectForTests } from '../../shared/client/test-client.ts';
export { matchers } from './matchers.ts';
export { startSandbox } from './sandbox.ts';
export type { SandboxOptions } from './options.ts';
export type { Sandbox } from './sandbox.ts';

export interface MailFixtures {
  /** The client; the waits take only what came since the test began. */
  mail: TestClient;
}
export interface MailWorkerFixtures {
  /** One for the worker; null where `url` names a Mailscope that runs already. */
  sandbox: Sandbox | null;
}

type Use<T> = (value: T) => Promise<void>;
interface TestInfo {
  status?: string | undefined;
  expectedStatus: string;
  attach(name: string, what: { body: string; contentType: string }): Promise<void>;
}
/** As `test.extend` takes them. */
export interface MailFixtureFunctions {
  sandbox: [(context: object, use: Use<Sandbox | null>) => Promise<void>, { scope: 'worker' }];
  mail: (context: { sandbox: Sandbox | null }, use: Use<TestClient>, info: TestInfo) => Promise<void>;
}

/**
 * `const test = base.extend<MailFixtures, MailWorkerFixtures>(mailFixtures());`
 *
 * `url`: use the Mailscope that runs there, e.g. the one that the application under test was started with; otherwise
 * each worker has its own. With `password` or `token` where that asks for one. A test that fails has the attachment
 * `mail`: what arrived, and how sessions failed.
 */
export function mailFixtures({
  url,
  ...options
}: SandboxOptions & { url?: string | undefined } = {}): MailFixtureFunctions {
  return {
    sandbox: [
      async ({}, use) => {
        if (url !== undefined) return use(null);
        const sandbox = await startSandbox(options);
        try {
          await use(sandbox);
        } finally {
          await sandbox.close();
        }
      },
      { scope: 'worker' },
    ],
    mail: async ({ sandbox }, use, info) => {
      const mail = await clientFor(url ?? sandbox?.url ?? '', options).fromNow();
      await use(mail);
      if (info.status !== info.expectedStatus)
        await info.attach('mail', { body: await mail.explainArrivals(), contentType: 'text/plain' });
    },
  };
}
