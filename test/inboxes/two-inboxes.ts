// A sandbox with two inboxes, and a session that both have.
import { connect } from '../../shared/client/client.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

export async function startWithTwo(): Promise<TestSandbox> {
  const sandbox = await startTestSandbox();
  for (const name of ['a', 'b'])
    await sandbox.client.createInbox({ body: { name, rules: [{ domain: `${name}.test` }] } });
  return sandbox;
}
export const openIn = (sandbox: TestSandbox, inbox: string) => connect(sandbox.url, { inbox });

/** A session with a message for each of the inboxes a and b. */
export async function startShared() {
  const sandbox = await startWithTwo();
  const wire = await sandbox.wire();
  await wire.hello();
  for (const to of ['ann@a.test', 'ben@b.test', 'cat@a.test']) await wire.mail(undefined, undefined, [to]);
  await wire.quit();
  const { id } = await sandbox.closedSession();
  const [a, b] = [openIn(sandbox, 'a'), openIn(sandbox, 'b')];
  const seenBy = async (client: TestSandbox['client']) => ({
    session: await client.readSession({ params: { id } }),
    text: await client.readTranscriptText({ params: { id } }),
    listed: (await client.listSessions()).items,
  });
  return { sandbox, id, a, b, seenBy };
}
