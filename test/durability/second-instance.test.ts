import { expect, test } from 'vitest';
import { freePorts, runMailscope, startMailscope, temporaryFolder } from '../process/mailscope.ts';

test('a second Mailscope on a data folder is refused with a clear text, and the first goes on', async () => {
  await using folder = await temporaryFolder();
  await using first = await startMailscope(folder.path);
  const args = ['--host', '127.0.0.1', ...freePorts, '--data', `${folder.path}/data`];
  await using second = runMailscope(args, folder.path);
  const { code, out, err } = await second.ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/The data folder .* is in use\./);
  expect(err).toContain(`(process ${first.child.pid})`);
  expect(err).toContain('--data');
  await using wire = await first.wire();
  await wire.hello();
  expect(await wire.mail()).toMatch(/^250 /);
  expect((await first.client.listMessages()).items).toHaveLength(1);
});
