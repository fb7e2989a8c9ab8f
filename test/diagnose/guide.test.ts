// The guide to diagnosis says what there is: its rules are those of the catalogue, and its examples can be used.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rules } from '../../shared/diagnose/catalogue.ts';
import { explainError } from '../../shared/diagnose/explain-error.ts';
import { expectation } from '../../shared/expect/expectation.ts';
import { findPreset } from '../../shared/fault-presets/find-preset.ts';
import { severities } from '../../shared/severity.ts';
import { mostIssues } from '../../server/diagnosis/issues.ts';

const guide = readFileSync(new URL('../../server/diagnosis/README.md', import.meta.url), 'utf8');
const scopes = {
  session: 'In a session',
  message: 'In a message',
  series: 'In several sessions together',
  application: 'In what a program prints',
};

test.each(Object.entries(scopes))(
  'its table of rules of the scope %s is that of the catalogue',
  (scope, title) => {
    const section = guide.split(/^### /m).find((text) => text.startsWith(`${title}\n`))!;
    const rows = [...section.matchAll(/^\| `([^`]+)` \| (\w+) \| (.*) \|$/gm)].map(([, ...row]) =>
      row.join(' | '),
    );
    const all = rules.filter((rule) => rule.scope === scope);
    expect(rows).toEqual(all.map(({ id, severity, title: words }) => `${id} | ${severity} | ${words}`));
  },
);

test('severities, the number of issues and presets are those that there are', () => {
  const rows = [...guide.matchAll(/^\| `(\w+)` \| (?!\w+ \|)/gm)].map(([, name]) => name);
  expect(rows).toEqual([...severities]);
  expect(guide).toContain(`At most ${mostIssues.toLocaleString('en')} are kept`);
  const presets = [...guide.matchAll(/(?:--fault |fault\(')([a-z]+\/[a-z-]+)/g)].map(([, name]) => name!);
  expect(presets.length).toBeGreaterThan(0);
  for (const name of presets) expect(findPreset(name), name).toBeDefined();
});

test('its examples can be used', () => {
  const [, body] = /sandbox\.expect\((\{[^]*?\})\);/.exec(guide)!;
  const given = (new Function(`return ${body}`) as () => unknown)();
  expect(expectation.safeParse(given).error).toBeUndefined();
  const [, text] = /mailscope explain '([^']+)'/.exec(guide)!;
  expect(explainError(text!)).not.toEqual([]);
});
