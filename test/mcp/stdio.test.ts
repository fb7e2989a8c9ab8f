// mailscope mcp, as agents use it that start a command.
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { buildCommand, run, type Run } from '../cli/command.ts';
import { greeting, modern, overLines, request, toolAnswer } from './speak.ts';

let command: string;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => rm(dirname(dirname(command)), { recursive: true }));

/** Like `run`, with standard input left open. */
function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [command, ...args], { env: { ...process.env, ...env } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
  const talk = overLines({ child, out: () => out } as unknown as Run);
  return { ...talk, ended, out: () => out, err: () => err };
}

test('an agent greets, lists the tools, calls one, and closes; nothing else is on standard output', async () => {
  await using sandbox = await startTestSandbox();
  const agent = start(['mcp'], { MAILSCOPE_URL: sandbox.url });
  agent.send(request(1, 'initialize', greeting('2025-06-18')));
  expect((await agent.answer(1)).result).toMatchObject({ protocolVersion: '2025-06-18' });
  agent.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  agent.send(request(2, 'ping'));
  agent.send(request(3, 'tools/list'));
  agent.send(request(4, 'tools/call', { name: 'get_status', arguments: {} }));
  agent.send(request(5, 'resources/list'));
  expect((await agent.answer(2)).result).toEqual({});
  expect((await agent.answer(3)).result?.tools).toHaveLength(8);
  expect(toolAnswer(await agent.answer(4)).text).toContain(`"port": ${sandbox.ports[0]}`);
  expect((await agent.answer(5)).error?.code).toBe(-32601);
  agent.close();
  expect([await agent.ended, agent.err()]).toEqual([0, '']);
  for (const line of agent.out().trimEnd().split('\n'))
    expect(JSON.parse(line)).toHaveProperty('jsonrpc', '2.0');
});

test('a call that is cancelled gives way to the next one', async () => {
  await using sandbox = await startTestSandbox();
  const agent = start(['mcp', '--url', sandbox.url]);
  agent.send(request(1, 'initialize', greeting('2025-11-25')));
  await agent.answer(1);
  agent.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  agent.send(
    request(2, 'tools/call', {
      name: 'wait_for_message',
      arguments: { query: 'subject:x', timeoutSeconds: 300 },
    }),
  );
  agent.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
  agent.send(request(3, 'tools/call', { name: 'list_messages', arguments: {} }));
  expect(toolAnswer(await agent.answer(3)).text).toContain('0 messages.');
  agent.close();
  expect(await agent.ended).toBe(0);
  expect(agent.out()).not.toContain('"id":2');
});

test('the revision without a handshake is spoken over lines, too', async () => {
  await using sandbox = await startTestSandbox();
  const agent = start(['mcp', '--url', sandbox.url]);
  agent.send(request(1, 'tools/call', { name: 'get_status', arguments: {}, _meta: modern }));
  expect(await agent.answer(1)).toMatchObject({ result: { resultType: 'complete' } });
  agent.close();
  expect(await agent.ended).toBe(0);
});

test('lines that are no message are passed over, and a Mailscope that is not there is told to the agent', async () => {
  const agent = start(['mcp', '--url', 'http://127.0.0.1:1']);
  agent.send('{ this is no JSON');
  agent.send(request(1, 'initialize', greeting('2025-11-25')));
  expect((await agent.answer(1)).result).toBeDefined();
  agent.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  agent.send(request(2, 'tools/call', { name: 'get_status', arguments: {} }));
  expect(toolAnswer(await agent.answer(2))).toEqual({
    isError: true,
    text: 'Mailscope does not answer at http://127.0.0.1:1. Is it running? Start it with "mailscope".',
  });
  agent.close();
  expect(await agent.ended).toBe(0);
  expect(await run(command, ['mcp', '--url', 'x']).ended).toMatchObject({
    code: 2,
    err: expect.stringContaining('--url "x" cannot be used.'),
  });
});
