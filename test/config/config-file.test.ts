import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flagOf } from '../../server/config/options.ts';
import { folderWith, read, refusal } from './reading.ts';

test('a faulty configuration file is refused, and its unknown key gets a suggestion', async () => {
  expect(refusal({ folder: await folderWith({ smptPort: 1 }) })).toMatchObject({
    why: 'It has an unknown key "smptPort".',
    hint: 'Did you mean "smtpPort"?',
  });
  expect(refusal({ folder: await folderWith({ 'smtp-port': 1 }) }).hint).toBe('Did you mean "smtpPort"?');
  expect(refusal({ folder: await folderWith({ config: 'x.json' }) }).hint).toBe('See "mailscope --help".');
  expect(refusal({ folder: await folderWith('{"a":') }).why).toContain('not valid JSON');
  expect(refusal({ folder: await folderWith([]) }).why).toContain('no JSON object');
  expect(refusal({ folder: await folderWith({ smtpPort: {} }) }).message).toContain(
    '"smtpPort" of the configuration file',
  );
  expect(refusal({ flags: { config: 'missing.json' } }).message).toContain('/nowhere/missing.json');
  expect(() => read({ folder: '/nowhere' })).not.toThrow();
  await expect(
    folderWith('{"__proto__":{"open":true}}').then((folder) => refusal({ folder }).why),
  ).resolves.toContain('__proto__');
});

test('a file that an editor or shell of Windows wrote is read, and one in another encoding is refused', async () => {
  const text = '{"name":"mail.test","auth":"none"}';
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  for (const bytes of [Buffer.from(`\ufeff${text}`), utf16, Buffer.from(utf16).swap16()]) {
    const folder = await folderWith();
    await writeFile(join(folder, 'mailscope.config.json'), bytes);
    expect(read({ folder }).name).toBe('mail.test');
  }
  const folder = await folderWith();
  await writeFile(join(folder, 'mailscope.config.json'), Buffer.from('{"password":"s\xe9same"}', 'latin1'));
  expect(refusal({ folder }).why).toContain('not written in UTF-8');
});

test('an empty path is refused: it would be the folder in which the program is started', async () => {
  for (const name of ['data', 'certDir', 'tlsCert', 'tlsKey', 'config'] as const)
    expect(refusal({ flags: { [name]: '' } }).message).toBe(`${flagOf(name)} is empty.`);
  expect(refusal({ folder: await folderWith({ data: ' ' }) }).message).toBe(
    '"data" of the configuration file is empty.',
  );
  const empty = { MAILSCOPE_DATA: '', MAILSCOPE_CERT_DIR: '', MAILSCOPE_CONFIG: '' };
  expect(read({ env: empty })).toEqual(read());
});

test('failures are simulated as presets and as rules, and what is wrong with one is said with its place', async () => {
  const rule = { stage: 'data', delay: '2s', reply: { code: 451, text: 'a, b' } };
  const two = read({ folder: await folderWith({ fault: ['generic/greylist', rule] }) });
  expect(two.faults).toMatchObject([{ stage: 'rcpt' }, { stage: 'data', delay: 2000, enabled: true }]);
  expect(read({ flags: { fault: ['generic/greylist', JSON.stringify(rule)] } }).faults).toEqual(two.faults);
  expect(read({ env: { MAILSCOPE_FAULT: JSON.stringify(rule) } }).faults).toEqual([two.faults[1]]);
  const names = 'generic/greylist, generic/greylist';
  expect(read({ env: { MAILSCOPE_FAULT: names } }).faults).toHaveLength(2);
  const wrong: [string | object, RegExp, RegExp][] = [
    ['generic/mailbox-ful', /^preset: there is no preset/, /^Did you mean generic\/mailbox-full/],
    ['{"stage":', /^It is not valid JSON\.$/, /^Write the name of a preset/],
    [{ stage: 'rcpt', reply: { code: 250 } }, /^reply\.code: /, /^Write/],
    [{ stage: 'rcpt', repli: {} }, /^Unrecognized key: "repli"\.$/, /^Write/],
    [
      { stage: 'rcpt', delay: null },
      /^delay: must be a time such as 500ms, 30s or 2m, at most 10m\.$/,
      /^Write/,
    ],
    [
      { stage: 'rcpt', when: { to: 7 } },
      /^when\.to: must be a pattern such as \*@example\.com, or a list of them\.$/,
      /^Write/,
    ],
    [{ stage: 'rcpt', when: { to: ['a', ''] } }, /^when\.to\.1: must not be empty\.$/, /^Write/],
    [{ stage: 'rcpt', delay: '1 year' }, /^delay: must be a time such as/, /^Write/],
    [{ stage: 'rcpt' }, /^reply: nothing would happen/, /^Write/],
  ];
  for (const [fault, why, hint] of wrong) {
    const error = refusal({ folder: await folderWith({ fault: [fault] }) });
    expect(error.message).toMatch(/^The fault .* cannot be used\.$/);
    expect(error.why).toMatch(why);
    expect(error.hint).toMatch(hint);
  }
  for (const [name, what] of [
    ['fault', 'an array of texts or objects'],
    ['inbox', 'an array of texts or objects'],
    ['user', 'an array of texts'],
  ] as const)
    expect(refusal({ folder: await folderWith({ [name]: rule }) }).why).toBe(`It has to be ${what}.`);
});

test('what is wrong with an inbox of the file is said with its name and place', async () => {
  const wrong: [object, string][] = [
    [{ name: 'shop', rulez: [] }, 'Unrecognized key: "rulez".'],
    [{ name: 'shop', rules: [{ plus: 7 }] }, 'rules.0'],
    [{ name: 'shop', smtp: { user: 'a' } }, 'Its login has no password.'],
  ];
  for (const [inbox, why] of wrong) {
    const error = refusal({ folder: await folderWith({ inbox: [inbox] }) });
    expect(error.message).toBe('The inbox "shop" cannot be used.');
    expect(error.why).toMatch(why);
    expect(error.why).not.toMatch(/^name:/);
    expect(error.hint).toContain('{"name":"orders"');
  }
});
