// Why nothing answers, as a test prints it: fetch itself says no more than "fetch failed".
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createAuthority, createLeaf } from '../../server/certificate/authority.ts';
import { fetchWith } from '../../server/own-fetch.ts';
import { connectForTests } from '../../shared/client/test-client.ts';
import type { MailscopeError } from '../../shared/errors.ts';

async function listening(server: Server) {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: async () => void server.close() };
}

const failureOf = (url: string, options: Parameters<typeof connectForTests>[1] = {}) =>
  connectForTests(url, options)
    .waitForMessage()
    .then(
      () => expect.fail('It was answered.'),
      (error: unknown) => error as MailscopeError,
    );

test('a certificate that is not taken says why, and what helps against that', async () => {
  const now = new Date();
  const authority = await createAuthority(now);
  const long = new Date(now.getTime() - 10 * 365 * 86_400_000);
  const cases = [
    [
      ['127.0.0.1'],
      now,
      [],
      /unable to verify the first certificate\): let NODE_EXTRA_CA_CERTS name the file of its CA\. That of Mailscope itself is ca\.pem in its --cert-dir\.$/,
    ],
    [
      ['mail.corp.test'],
      now,
      [authority.cert],
      /altnames: IP: 127\.0\.0\.1 is not in the cert's list: *\)\.$/,
    ],
    [['127.0.0.1'], long, [authority.cert], /\(certificate has expired\)\.$/],
  ] as const;
  for (const [names, since, ca, said] of cases) {
    await using server = await listening(createSecureServer(await createLeaf(authority, [...names], since)));
    const { hint } = await failureOf(`https://127.0.0.1:${server.port}`, {
      fetch: fetchWith({ ca: [...ca] }),
    });
    expect(hint).toMatch(/^Its certificate is not trusted here \(/);
    expect(hint).toMatch(said);
  }
});

test('an address that is none, and a port that fetch refuses, are told from a server that is away', async () => {
  await using closing = await listening(createServer((_, response) => void response.destroy()));
  const said = await Promise.all(
    ['localhost:8025', `http://127.0.0.1:${closing.port}`, 'http://127.0.0.1:1'].map(
      async (url) => (await failureOf(url)).message,
    ),
  );
  expect(said).toEqual([
    'Mailscope does not answer at localhost:8025 (unknown scheme). Is it running? Start it with "mailscope".',
    `Mailscope does not answer at http://127.0.0.1:${closing.port}. Is it running? Start it with "mailscope".`,
    'Mailscope does not answer at http://127.0.0.1:1 (bad port). Is it running? Start it with "mailscope".',
  ]);
});
