// The commands and tasks of Cypress, over what stands for its browser and its Node side.
import { afterEach, expect, test } from 'vitest';
import { registerMailCommands, registerMailTasks } from '../../server/testing/cypress.ts';
import { startSandbox } from '../../server/testing/sandbox.ts';

type Command = (...given: unknown[]) => Promise<unknown>;
const browser = globalThis as unknown as Record<string, unknown>;

afterEach(() => {
  for (const name of ['Cypress', 'cy', 'beforeEach']) delete browser[name];
});

test('commands go through tasks, as plain JSON, and take only what came since the test began', async () => {
  await using sandbox = await startSandbox();
  const tasks: Record<string, (given: object) => Promise<unknown>> = {};
  registerMailTasks((_, given) => Object.assign(tasks, given), { url: sandbox.url });
  const commands: Record<string, Command> = {};
  const before: (() => void)[] = [];
  const asked: Promise<unknown>[] = [];
  browser['Cypress'] = { Commands: { add: (name: string, command: Command) => (commands[name] = command) } };
  browser['beforeEach'] = (work: () => void) => before.push(work);
  browser['cy'] = {
    task(name: string, given: object) {
      const answer = tasks[name]!(JSON.parse(JSON.stringify(given)) as object).then((value) => {
        // Cypress refuses undefined.
        expect(value).not.toBeUndefined();
        return JSON.parse(JSON.stringify(value)) as unknown;
      });
      asked.push(answer);
      return answer;
    },
  };
  registerMailCommands();
  await sandbox.client.sendSample({ body: {} });
  before.forEach((work) => work());
  await Promise.all(asked);
  expect(await commands['expectNoMail']!({ timeout: 50 })).toBeNull();
  await sandbox.client.sendSample({ body: {} });
  expect(await commands['waitForMails']!()).toHaveLength(1);
  const message = (await commands['waitForMail']!('from:mailscope')) as {
    clickable: unknown;
    links: unknown[];
  };
  expect(message).toHaveProperty('clickable');
  expect(await commands['expectMail']!({ messages: [{ count: 1 }] })).toMatchObject({ held: true });
  await expect(commands['waitForMail']!({ query: 'to:nobody', timeout: 50 })).rejects.toThrow('Nearest:');
  expect(await commands['deleteMail']!()).toEqual({ count: 2 });
});

test('commands in the wrong file are refused', () => {
  expect(() => registerMailCommands()).toThrow('support file');
});
