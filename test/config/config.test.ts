import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Option } from '../../server/config/option.ts';
import { envOf, flagOf, optionNames, options } from '../../server/config/options.ts';
import { folderWith, read, refusal } from './reading.ts';

test('without settings it listens on loopback, with the documented ports and limits', () => {
  const config = read();
  expect(
    config.listeners.map(({ name, host, port, tls, auth }) => `${name} ${host} ${port} ${tls} ${auth}`),
  ).toEqual([
    'smtp localhost 1025 none offered',
    'submission localhost 1587 offered offered',
    'smtps localhost 1465 implicit offered',
  ]);
  expect(config).toMatchObject({
    httpPort: 8025,
    limits: { maxSize: 52_428_800, maxRecipients: 10_000, maxConnections: 2000, idleTimeoutMs: 300_000 },
    retention: { maxMessages: 10_000, maxBytes: 2 * 2 ** 30, maxAgeMs: 0 },
    auth: { mechanisms: ['PLAIN', 'LOGIN'], users: [], recordCredentials: false },
    tls: { cert: null, minVersion: 'TLSv1.2', requestClientCert: false },
  });
  expect(
    Object.isFrozen(config) && Object.isFrozen(config.listeners[0]) && Object.isFrozen(config.auth.users),
  ).toBe(true);
});

test('a flag wins over the environment, the environment over the file, the file over the default', async () => {
  const folder = await folderWith({
    httpPort: 1,
    smtpPort: 2,
    maxSize: '3MB',
    host: '127.0.0.1',
    recordCredentials: true,
  });
  const env = { MAILSCOPE_HTTP_PORT: '11', MAILSCOPE_SMTP_PORT: '12', MAILSCOPE_RECORD_CREDENTIALS: 'no' };
  const config = read({ folder, env, flags: { httpPort: '21' } });
  expect(config).toMatchObject({
    httpPort: 21,
    host: '127.0.0.1',
    limits: { maxSize: 3_000_000 },
    auth: { recordCredentials: false },
  });
  expect(config.listeners[0]!.port).toBe(12);
});

test('a switch is on, off or refused', () => {
  for (const text of ['true', 'Yes', 'on', '1'])
    expect(read({ flags: { proxy: text } }).listeners[0]!.proxy).toBe(true);
  for (const text of ['false', 'No', 'off', '0'])
    expect(read({ flags: { proxy: text } }).listeners[0]!.proxy).toBe(false);
  for (const text of ['maybe', 'constructor', '__proto__', ''])
    expect(refusal({ flags: { proxy: text } }).why, text).toBe('The value is true or false.');
});

test('every option can be set in all three ways', async () => {
  const samples: Record<Option['type'], string> = {
    text: 'localhost',
    port: '7',
    count: '7',
    size: '7kB',
    duration: '7s',
    age: '7d',
    switch: 'true',
    path: '/tmp/x',
    choice: '',
    list: 'smtp://127.0.0.1:7',
  };
  const own: Partial<Record<string, string>> = {
    user: 'ann:secret',
    token: 'read:0123456789abcdef',
    password: 'long enough',
    allowHost: 'mail.test',
    fault: 'generic/greylist',
    inbox: 'orders?user=orders:secret&domain=shop.example&max-age=7d',
  };
  for (const name of optionNames) {
    if (name === 'config') continue;
    const option: Option = options[name];
    const value = own[name] ?? option.choices?.[1] ?? samples[option.type];
    // A key and a certificate are only taken together.
    const both = name === 'tlsCert' || name === 'tlsKey' ? { tlsCert: '/c', tlsKey: '/k' } : {};
    const fileOnly = await folderWith({ ...both, [name]: value });
    const byFlag = read({ flags: { ...both, [name]: value } });
    expect(
      read({
        folder: '/nowhere',
        env: {
          ...(both.tlsCert ? { MAILSCOPE_TLS_CERT: '/c', MAILSCOPE_TLS_KEY: '/k' } : {}),
          [envOf(name)]: value,
        },
      }),
    ).toEqual(byFlag);
    expect(read({ folder: fileOnly })).toEqual(byFlag);
    if (!['host', 'smtpPort'].includes(name) && value !== String(option.default))
      expect(JSON.stringify(byFlag), name).not.toBe(
        JSON.stringify(name === 'open' || both.tlsCert ? null : read()),
      );
  }
});

test('names of flags and variables follow from the option', () => {
  expect([flagOf('smtpPort'), envOf('smtpPort')]).toEqual(['--smtp-port', 'MAILSCOPE_SMTP_PORT']);
  expect(new Set(optionNames.map(flagOf)).size).toBe(optionNames.length);
});

test('ports can be free ones or none', () => {
  const { listeners } = read({ flags: { smtpPort: '0', submissionPort: 'off', smtpsPort: 'off' } });
  expect(listeners.map(({ name, port }) => [name, port])).toEqual([['smtp', 0]]);
});

test('further listeners are given as URLs', () => {
  const flags = {
    smtpPort: 'off',
    submissionPort: 'off',
    smtpsPort: 'off',
    auth: 'required',
    listen: [
      'smtp://127.0.0.1:2587?tls=required&auth=offered&auth-tls=required&name=strict&proxy=true&bare-newlines=refuse',
      'smtps://[::1]:0',
      'lmtp://localhost:24',
    ],
  };
  const base = {
    authNeedsTls: false,
    proxy: false,
    xclient: false,
    bareNewlines: 'accept',
    auth: 'required',
  };
  expect(read({ flags }).listeners).toEqual([
    {
      name: 'strict',
      protocol: 'smtp',
      host: '127.0.0.1',
      port: 2587,
      tls: 'required',
      auth: 'offered',
      authNeedsTls: true,
      proxy: true,
      xclient: false,
      bareNewlines: 'refuse',
    },
    { ...base, name: 'listener-2', protocol: 'smtp', host: '::1', port: 0, tls: 'implicit' },
    { ...base, name: 'listener-3', protocol: 'lmtp', host: 'localhost', port: 24, tls: 'none' },
  ]);
});

test('a listener that makes no sense is refused with what is wrong', () => {
  const wrong: [string, RegExp][] = [
    ['127.0.0.1:2525', /not a URL/],
    ['http://127.0.0.1:2525', /not a URL/],
    ['smtp://127.0.0.1', /address and a port/],
    ['smtp://127.0.0.1:99999', /not a URL/],
    ['smtp://u:p@127.0.0.1:25', /something beside/],
    ['smtp://127.0.0.1:2525?tsl=none', /no parameter "tsl"/],
    ['smtp://127.0.0.1:2525?tls=maybe', /tls=maybe is not one of none, offered/],
    ['smtp://127.0.0.1:2525?tls=none&tls=offered', /not one of/],
    ['smtp://127.0.0.1:2525?bare-newlines=yes', /bare-newlines=yes is not one of accept, refuse/],
    ['smtps://127.0.0.1:2525?tls=none', /TLS from the first byte/],
    ['smtp://127.0.0.1:2525?auth-tls=required', /impossible/],
    ['smtp://127.0.0.1:2525?name=a%20b', /name/],
  ];
  for (const [url, why] of wrong) expect(refusal({ flags: { listen: [url] } }).why, url).toMatch(why);
  expect(refusal({ flags: { listen: ['smtp://127.0.0.1:2525?tsl=none'] } }).hint).toBe('Did you mean tls?');
  expect(refusal({ flags: { listen: ['smtp://localhost:1025'] } }).why).toContain('already that of smtp');
  expect(refusal({ flags: { listen: ['smtp://localhost:8025'] } }).why).toContain('web interface');
});

test('a password, token or login that is empty or cannot be sent is refused, and never shown', () => {
  for (const name of ['password', 'token', 'user'] as const) {
    expect(refusal({ env: { [envOf(name)]: '' } }).message, name).toContain(`${envOf(name)} is empty`);
    expect(refusal({ flags: { [name]: name === 'password' ? '' : [''] } }).message, name).toContain(
      'is empty',
    );
  }
  expect(refusal({ flags: { token: ['long-enough-0123456789', ''] } }).message).toContain('is empty');
  for (const password of ['with\ttab and more', 'x'.repeat(1001)]) {
    const error = refusal({ flags: { password } });
    expect(error.message + error.why + error.hint).not.toContain(password);
  }
  const config = read({ env: { MAILSCOPE_PASSWORD: 'long enough' } });
  expect(config.password?.matches('long enough')).toBe(true);
  expect(config.password?.matches('long enoug')).toBe(false);
  expect(JSON.stringify(config)).not.toContain('long enough');
});

test('a host name that could let others in by mistake is refused', () => {
  for (const name of ['*', '*.test', 'a.test:80', 'http://a.test', 'a test', '.', 'a..b', 'x'.repeat(254)])
    expect(refusal({ flags: { allowHost: [name] } }).message, name).toContain('--allow-host');
  expect(read({ flags: { allowHost: ['a.test', 'B_1.test.'] } }).allowHosts).toEqual(['a.test', 'B_1.test.']);
});

test('a name that would break the replies of SMTP is refused', () => {
  for (const name of ['a\r\n250 b', 'a b', 'a\0', 'bücher.test', 'x'.repeat(256)])
    expect(refusal({ flags: { name } }).message, name).toContain('--name');
  for (const name of ['mail.test', '[127.0.0.1]']) expect(read({ flags: { name } }).name).toBe(name);
});

test('an address that other machines can reach needs --password, --token or --open', () => {
  for (const guard of [{ password: 'long enough' }, { token: ['long-enough-0123456789'] }])
    expect(read({ flags: { host: '0.0.0.0', ...guard } }).host).toBe('0.0.0.0');
  for (const host of ['0.0.0.0', '::', '192.168.1.2', 'example.com', '127.evil.test']) {
    expect(refusal({ flags: { host } }).hint).toContain('--open');
    expect(read({ flags: { host, open: true } }).host).toBe(host);
  }
  expect(refusal({ flags: { listen: ['smtp://0.0.0.0:25'] } }).message).toContain('0.0.0.0');
  for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost'])
    expect(read({ flags: { host } }).host).toBe(host);
});

test('a value that cannot be read is named, with its reason and an example', () => {
  const wrong: [string, unknown, string][] = [
    ['smtpPort', '70000', '--smtp-port: "70000" cannot be used.'],
    ['httpPort', 'off', '--http-port: "off" cannot be used.'],
    ['maxSize', '50 apples', '--max-size: "50 apples" cannot be used.'],
    ['idleTimeout', '-1', '--idle-timeout: "-1" cannot be used.'],
    ['maxMessages', '1.5', '--max-messages: "1.5" cannot be used.'],
    ['open', 'perhaps', '--open: "perhaps" cannot be used.'],
    ['tlsMinVersion', 'TLS9', '--tls-min-version: "TLS9" cannot be used.'],
    ['authMechanisms', ['PLAIN,FOO'], '--auth-mechanisms: "FOO" cannot be used.'],
    ['user', ['nocolon'], 'A --user cannot be used.'],
    ['tlsCert', 'a.pem', '--tls-cert and --tls-key belong together.'],
  ];
  for (const [name, value, message] of wrong) {
    const error = refusal({ flags: { [name]: value } });
    expect(error.message).toBe(message);
    expect(error.why.length * error.hint.length, name).toBeGreaterThan(0);
  }
  expect(refusal({ env: { MAILSCOPE_SMTP_PORT: 'tcp://10.0.0.7:1025' } }).hint).toContain(
    'enableServiceLinks',
  );
  expect(refusal({ env: { MAILSCOPE_MAX_AGE: 'x' } }).message).toContain('MAILSCOPE_MAX_AGE');
});

test('paths begin where they are written, and data lies where the XDG specification says', async () => {
  const folder = await folderWith({ data: 'here', certDir: '/certs' });
  expect(read({ folder })).toMatchObject({ data: join(folder, 'here'), tls: { certFolder: '/certs' } });
  expect(read({ folder: '/project', flags: { data: 'x' } }).data).toBe('/project/x');
  expect(read({ flags: { data: ':memory:' } }).data).toBe(':memory:');
  const xdg = read({ env: { XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: '/c' } });
  expect([xdg.data, xdg.tls.certFolder]).toEqual(['/d/mailscope', '/c/mailscope']);
  expect(read({ env: { XDG_DATA_HOME: 'relative' } }).data).toMatch(/\.local\/share\/mailscope$/);
});

test('a duration without a unit is refused on the command line, where 60 for 60 s would be 60 ms', () => {
  expect(refusal({ flags: { idleTimeout: '60' } })).toMatchObject({
    message: '--idle-timeout: "60" cannot be used.',
    why: 'The value is a time with its unit, such as 300ms, 8s, 2m, 1h or 7d.',
  });
  expect(refusal({ env: { MAILSCOPE_IDLE_TIMEOUT: '60' } }).message).toContain('MAILSCOPE_IDLE_TIMEOUT');
  expect(read({ flags: { idleTimeout: '60ms' } }).limits.idleTimeoutMs).toBe(60);
  expect(read({ flags: { idleTimeout: 60 } }).limits.idleTimeoutMs).toBe(60);
});

test('an age without a unit is refused: 7 for 7 days would be 7 ms, and all mail gone', async () => {
  for (const value of ['7', 7, '1.5', ' 30 ']) {
    const error = refusal({ flags: { maxAge: value } });
    expect(error.message).toBe(`--max-age: "${value}" cannot be used.`);
    expect(error.why).toContain('with its unit');
  }
  expect(refusal({ env: { MAILSCOPE_MAX_AGE: '7' } }).why).toContain('with its unit');
  const inbox = { name: 'shop', retention: { maxAge: 7 } };
  for (const sources of [
    { flags: { inbox: ['shop?max-age=7'] } },
    { folder: await folderWith({ inbox: [inbox] }) },
  ])
    expect(refusal(sources)).toMatchObject({
      message: 'The inbox "shop" cannot be used.',
      why: 'Its greatest age has no unit: 7.',
    });
  expect(read({ flags: { maxAge: '0', idleTimeout: 1500 } })).toMatchObject({
    retention: { maxAgeMs: 0 },
    limits: { idleTimeoutMs: 1500 },
  });
  expect(read({ flags: { maxAge: 0, inbox: ['shop?max-age=0'] } }).retention.maxAgeMs).toBe(0);
});

test('lists are repeated flags, arrays in the file, and separated by commas in the environment', async () => {
  const users = [
    { name: 'ann', password: 'a:b' },
    { name: 'bob', password: '' },
  ];
  expect(read({ flags: { user: ['ann:a:b', 'bob:'] } }).auth.users).toEqual(users);
  expect(read({ env: { MAILSCOPE_USER: 'ann:a:b, bob:' } }).auth.users).toEqual(users);
  expect(read({ folder: await folderWith({ user: ['ann:a:b', 'bob:'] }) }).auth.users).toEqual(users);
  expect(read({ flags: { authMechanisms: ['plain,scram-sha-256'] } }).auth.mechanisms).toEqual([
    'PLAIN',
    'SCRAM-SHA-256',
  ]);
});
