// What is described, replied and given as a reason goes into records, logs and browsers.
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { mechanisms } from '../../server/smtp/auth/mechanisms.ts';
import { anyLogin, base64, converse, onlyJoe } from './conversation.ts';
import type { ClientLine } from './conversation.ts';

const secrets = fc.uuid().map((id) => `Sup3r-SECRET-${id}`);
const shapes: ((secret: string) => string)[] = [
  (secret) => `\0joe\0${secret}`,
  (secret) => `joe\0${secret}`,
  (secret) => `\0joe\0${secret}\0`,
  (secret) => `user=joe\x01auth=Bearer ${secret}\x01\x01`,
  (secret) => `user=joe\x01auth=${secret}\x01\x01`,
  (secret) => `user=joe\x01auth=Bearer ${secret} x\x01\x01`,
  (secret) => `n,a=joe,\x01auth=Bearer ${secret}\x01\x01`,
  (secret) => `n,a=joe,\x01auth=Bearer ${secret}`,
  (secret) => `joe ${createHmac('md5', secret).update('x').digest('hex')}`,
  (secret) => `joe ${secret}`,
];
const encodings: ((text: string) => string)[] = [
  base64,
  (text) => base64(text).replace(/=+$/, ''),
  (text) => `${base64(text)}!`,
  (text) => text,
];

test('no secret is told, in whatever form and place it comes', async () => {
  const sent = fc.tuple(
    secrets,
    fc.constantFrom(...Object.keys(mechanisms)),
    fc.constantFrom(...shapes),
    fc.constantFrom(...encodings),
    fc.boolean(),
    fc.constantFrom(anyLogin, onlyJoe),
  );
  await fc.assert(
    fc.asyncProperty(sent, async ([secret, mechanism, shape, encode, initial, accounts]) => {
      const text = encode(shape(secret));
      const last: ClientLine[] = [encode(secret), encode(secret), encode(secret)];
      const first = mechanism === 'LOGIN' ? base64('joe') : text;
      const { verdict, steps } = initial
        ? await converse(mechanism, first, last, accounts)
        : await converse(mechanism, null, [first, ...last], accounts);
      const told = JSON.stringify([
        steps,
        verdict.reply,
        verdict.reason,
        verdict.user,
        verdict.authorizationId,
      ]);
      for (const form of [
        secret,
        base64(secret).slice(0, -4),
        Buffer.from(secret).toString('hex'),
        'SECRET',
      ]) {
        expect(told).not.toContain(form);
      }
    }),
    { numRuns: 1500 },
  );
});
