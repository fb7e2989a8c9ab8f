// What is one problem: not each user, sample or name that it comes with.
import { expect, test } from 'vitest';
import { mostIssues } from '../../server/diagnosis/issues.ts';
import { rules } from '../../shared/diagnose/catalogue.ts';
import { subjectOf } from '../../shared/diagnose/session/detect.ts';
import { fingerprintOf, messageSubject } from '../../shared/diagnose/write-finding.ts';
import type { Found } from '../../shared/finding.ts';
import { holdAll } from '../diagnose/talk.ts';
import { noDate, openIssues, placeAt, rejected } from './open-issues.ts';

const foundOf = (rule: string, vars: Found['vars']): Found => noDate({ rule, vars });

test('the users of an application are one problem, and another domain is another one', async () => {
  await using opened = await openIssues();
  opened.see([rejected('it is expired')], placeAt(0));
  for (let n = 0; n < 2500; n += 1)
    opened.see([foundOf('mail.unqualified-sender', { address: `user${n}@localhost` })], placeAt(n));
  opened.see([foundOf('mail.unqualified-sender', { address: 'root@web-1' })], placeAt(3000));
  expect(opened.all().map(({ rule, count }) => [rule, count])).toEqual([
    ['mail.unqualified-sender', 1],
    ['mail.unqualified-sender', 2500],
    ['tls.certificate-rejected', 1],
  ]);
});

test('whom mail is about is the domain that it is from', () => {
  const from = (address: string, name = '') => [{ address, name }];
  const subjects = [
    messageSubject({ from: from('ann@Shop.example'), mailFrom: 'bounces@mail.example' }),
    messageSubject({ from: from('', 'Ann'), mailFrom: 'bounces@mail.example' }),
    messageSubject({ from: [], mailFrom: '' }),
  ];
  expect(subjects).toEqual(['Shop.example', 'mail.example', '(nobody)']);
  const prints = subjects.map((subject) => fingerprintOf(noDate(), subject));
  expect(prints[0]).toBe('header.no-date|shop.example');
});

test('a session with a hundred names is one problem, and mail that has one in each field a few', async () => {
  const [session] = await holdAll([
    {
      does: 'calls itself by many names',
      finds: [],
      async talk(wire) {
        for (let n = 0; n < 40; n += 1) await wire.say(`EHLO my_host_${n}`);
        await wire.quit();
      },
    },
  ]);
  await using opened = await openIssues();
  opened.see(session!.findingList!, placeAt(1, { subject: subjectOf(session!) }));
  expect(opened.all().filter(({ rule }) => rule === 'ehlo.bad-characters')).toHaveLength(1);
  const many = Array.from({ length: 50 }, (_, n) => foundOf('header.raw-8bit', { name: `X-Field-${n}` }));
  opened.see(many, placeAt(2));
  expect(opened.all().filter(({ rule }) => rule === 'header.raw-8bit')).toHaveLength(5);
});

test('a rule that makes an issue of each mail all the same does not drive out those of others', async () => {
  await using opened = await openIssues();
  opened.see([rejected('it is expired')], placeAt(0));
  for (let n = 1; n < mostIssues * 2; n += 1)
    opened.see([noDate()], placeAt(n, { subject: `tenant-${n}.example` }));
  const left = opened.all();
  expect(left.length).toBeLessThanOrEqual(mostIssues);
  expect(left.at(-1)).toMatchObject({ rule: 'tls.certificate-rejected' });
});

test('no rule tells problems apart by what users write', () => {
  const told = new Set(rules.flatMap(({ identity = [] }) => identity));
  // Of an address its domain counts; `name` is that of a field, `asked` the host that is in the settings of the client.
  expect([...told].sort()).toEqual(
    ['address', 'alert', 'asked', 'command', 'extension', 'listener', 'mechanism', 'name', 'provider']
      .concat('reason', 'what', 'where')
      .sort(),
  );
});
