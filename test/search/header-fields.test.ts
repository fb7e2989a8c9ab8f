import { expect, test } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { sampleDerived, save } from '../store/samples.ts';

const headerOf = (name: string, value: string) => ({
  name,
  value,
  raw: `${name}: ${value}`,
  offset: 0,
  length: name.length + 2 + value.length,
});

test('signs in the value of a header field stand for themselves, asked for once and more often', async () => {
  const store = await openStore({ data: ':memory:', onEvents: () => undefined, onNotice: () => undefined });
  const long = `${'ab'.repeat(60)}c`;
  for (const value of ['a [b] *c?', 'a b c', 'a \\c', long, 'x\ufffdx']) {
    const { id } = await save(store, value);
    await store.saveDerived(id, sampleDerived({ subject: value, headers: [headerOf('X-Signs', value)] }));
  }
  async function subjects(text: string): Promise<string[]> {
    const parsed = parseSearch(text, 'messages');
    if (!parsed.ok || parsed.query === null) throw new Error(text);
    return (await store.listMessages({ limit: 50, query: parsed.query })).items.map(({ subject }) => subject);
  }
  for (const [value, found] of [
    ...['"[B] *"', '?', '*c', '[', ']', '[b'].map((sign) => [sign, ['a [b] *c?']] as const),
    ...['a*c', '"a ? c"', '[ab]', '[]', '^'].map((pattern) => [pattern, []] as const),
    ['"\\\\C"', ['a \\c']] as const,
    ['" "', ['a \\c', 'a b c', 'a [b] *c?']] as const,
    ['""', ['x\ufffdx', long, 'a \\c', 'a b c', 'a [b] *c?']] as const,
    [long.slice(2).toUpperCase(), [long]] as const,
    [`a${long}`, []] as const,
    ['x\ufffdx', ['x\ufffdx']] as const,
    ['x\uffffx', []] as const,
  ]) {
    expect(await subjects(`header.x-signs:${value}`), value).toEqual(found);
    expect(await subjects(`header.x-signs:none OR header.x-signs:${value}`), value).toEqual(found);
  }
  await store[Symbol.asyncDispose]();
});
