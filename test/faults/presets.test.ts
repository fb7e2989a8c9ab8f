import { expect, test } from 'vitest';
import { explainReply } from '../../shared/explain/reply.ts';
import { faultPresets } from '../../shared/fault-presets/presets.ts';
import { faultPreset, faultRule, faultTimes } from '../../shared/fault.ts';

const rest = { when: {}, enabled: true, delay: 0, afterBytes: null, without: [] };

test.each(faultPresets.map((preset) => [preset.name, preset] as const))(
  'the preset %s is a valid rule',
  (_name, { title, text, times, ...what }) => {
    expect(faultPreset.parse({ title, text, ...what })).toEqual({ title, text, ...what });
    const rule = { ...rest, ...what, times: faultTimes.parse(times ?? {}) };
    expect(faultRule.safeParse(rule).error?.issues).toBeUndefined();
  },
);

test('no two presets have one name, and those of a provider stand together', () => {
  const names = faultPresets.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  const providers = names.map((name) => name.split('/')[0]!);
  const starts = providers.filter((provider, index) => provider !== providers[index - 1]);
  expect(starts).toEqual([...new Set(starts)]);
  expect(providers[0]).toBe('generic');
});

test('what stands in braces in a preset is known', () => {
  const known = ['{from}', '{rcpt}', '{domain}', '{ip}', '{client}'];
  const used = faultPresets.flatMap(({ reply }) => reply?.text.match(/\{[^}]*\}/g) ?? []);
  expect([...new Set(used)].filter((name) => !known.includes(name))).toEqual([]);
});

test('a preset speaks of recipients only where there are some', () => {
  const early = faultPresets.filter(({ stage }) => !['rcpt', 'data', 'message', 'bounce'].includes(stage));
  expect(early.filter(({ reply }) => reply?.text.includes('{rcpt}'))).toEqual([]);
  const first = early.filter(({ stage }) => stage !== 'mail');
  expect(first.filter(({ reply }) => /\{(from|domain)\}/.test(reply?.text ?? ''))).toEqual([]);
});

test('each preset has words for a person, and its lines fit into a reply', () => {
  for (const { name, title, text, reply } of faultPresets) {
    expect(title, name).toMatch(/^\p{L}.{2,60}$/u);
    expect(text, name).toMatch(/^\p{L}.*\.$/u);
    for (const line of reply?.text.split('\n') ?? []) {
      const wire = [String(reply!.code), reply!.enhanced, line].filter((word) => word !== null).join(' ');
      expect(wire.length, name).toBeLessThanOrEqual(510);
    }
  }
});

test('what a preset answers is a failure that can be explained', () => {
  for (const { name, reply } of faultPresets) {
    if (!reply) continue;
    const { meaning } = explainReply(reply.code, reply.enhanced, reply.text);
    expect(meaning, name).not.toMatch(/not registered|contradicts/);
  }
});
