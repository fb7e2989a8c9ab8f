// The guide to simulated failures says what there is: its rules can be made, its presets and stages are those of the code.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultInput } from '../../shared/fault.ts';
import { faultPresets } from '../../shared/fault-presets/presets.ts';
import { factsOf, faultStages } from '../../shared/fault-stages.ts';
import { makeFault } from '../../shared/make-fault.ts';

const guide = readFileSync(new URL('../../server/faults/README.md', import.meta.url), 'utf8');
const section = (name: string): string => guide.split(/^## /m).find((text) => text.startsWith(name))!;
const rows = (text: string): string[][] =>
  [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row!.split(' | '));
const quoted = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word!);
const names = faultPresets.map(({ name }) => name);

test('every rule of the guide can be made', () => {
  const rules = [...quoted(guide), ...[...guide.matchAll(/-d '(.*)'/g)].map(([, body]) => body!)]
    .map((text) => text.replace(/^--fault '(.*)'$/, '$1'))
    .filter((text) => /^\{"(?:preset|stage|name)"/.test(text));
  expect(rules.length).toBeGreaterThan(12);
  for (const rule of rules)
    expect(makeFault(faultInput.parse(JSON.parse(rule))), rule).toHaveProperty('rule');
});

test('every preset that it names is one, and every provider is named', () => {
  const presets = section('Presets');
  const mentioned = quoted(guide).filter((word) => /^(?!server|shared)[a-z]+\/[a-z0-9-]+$/.test(word));
  expect(mentioned.filter((word) => !names.includes(word))).toEqual([]);
  const [, , ...table] = rows(presets);
  const providers = table.flatMap(([first]) => quoted(first!));
  expect(providers.sort()).toEqual([...new Set(names.map((name) => name.split('/')[0]!))].sort());
  for (const [first, second] of table) {
    const [provider] = quoted(first!);
    const short = quoted(second!).filter((word) => !word.includes('/'));
    expect(short.filter((word) => !names.includes(`${provider}/${word}`))).toEqual([]);
  }
});

test('its table of stages has each with the facts that are known there', () => {
  const table = rows(section('A rule')).filter(([first]) =>
    faultStages.some((one) => first === `\`${one}\``),
  );
  expect(table.map(([first]) => quoted(first!)[0])).toEqual([...faultStages]);
  let before: string[] = [];
  for (const [first, , facts] of table) {
    const said = quoted(facts!);
    before = facts!.startsWith('the same') ? [...new Set([...before, ...said])] : said;
    expect(before.sort(), first).toEqual([...factsOf[quoted(first!)[0] as 'mail']].sort());
  }
});
