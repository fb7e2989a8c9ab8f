// Mailpit's HTML check: what of an HTML body which mail program does not know. Loaded when it is first asked for.
import type { StyledHtml } from '../parts.ts';
import { clientsByPlatform, warningOf, type Warning } from './caniemail.ts';
import { float32 } from './float32.ts';
import {
  attributeTests,
  elementTests,
  imageTests,
  propertyTests,
  sheetTests,
  styleTests,
  unitTests,
} from './html-features.ts';

type Counts = Map<string, number>;

const add = (counts: Counts, slug: string, count = 1): void => {
  if (count > 0) counts.set(slug, (counts.get(slug) ?? 0) + count);
};
const times = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

/** Not counted, and without a body tag those that stand before it. */
const frame = new Set(['html', 'head', 'meta']);
const beforeBody = new Set([...frame, 'body', 'title', 'base', 'link', 'style']);
const dataTypes = /^application\/(?:ld\+)?json$/;

const scriptWarning = (count: number): Warning => ({
  ...{ Slug: 'html-script', Title: '<script> element' },
  Description: 'JavaScript is not supported in any email client.',
  ...{ URL: '', Category: 'html', Tags: [], Keywords: '', Results: [], NotesByNumber: {} },
  Score: { Found: count, Supported: 0, Partial: 0, Unsupported: 100 },
});

const [elementList, imageList] = [Object.entries(elementTests), Object.entries(imageTests)];

function countElements({ elements }: StyledHtml, counts: Counts): void {
  for (const element of elements) {
    for (const [slug, test] of elementList) if (test(element)) add(counts, slug);
    const { src } = element.attributes;
    if (element.name !== 'img' || src === undefined) continue;
    for (const [slug, test] of imageList) if (test.test(src)) add(counts, slug);
  }
}

/** The names of the properties that a style attribute sets. */
const propertyName = /(?:^|[\s;])([a-z-]+)\s*:/gi;

function countStyles({ elements }: StyledHtml, counts: Counts): void {
  // Many elements have the same.
  const styles: Counts = new Map();
  for (const { attributes } of elements) if (attributes.style !== undefined) add(styles, attributes.style);
  for (const [style, count] of styles) {
    const slugs = new Set<string>();
    for (const [, name] of style.matchAll(propertyName)) {
      const slug = propertyTests.get(name!.toLowerCase());
      if (slug !== undefined) slugs.add(slug);
    }
    for (const [slug, test] of Object.entries(styleTests)) if (test.test(style)) slugs.add(slug);
    for (const slug of slugs) add(counts, slug, count);
    for (const [slug, test] of Object.entries(unitTests)) add(counts, slug, count * times(style, test));
  }
  for (const [slug, name] of Object.entries(attributeTests))
    if (elements.some(({ attributes }) => attributes[name] !== undefined)) add(counts, slug);
}

/** Mailpit counts a test of elements once more where it finds some. */
function countTests(found: Counts, scripts: number): number {
  const tests = [elementTests, imageTests, attributeTests, styleTests, unitTests, sheetTests];
  const all = tests.reduce((sum, one) => sum + Object.keys(one).length, new Set(propertyTests.values()).size);
  const again = Object.keys(elementTests).filter((slug) => found.has(slug)).length;
  const body = 1;
  return all + body + again + (scripts > 0 ? 1 : 0);
}

export function checkHtml(html: string, styled: StyledHtml): object {
  const hasBody = /<\/body>/i.test(html);
  const uncounted = hasBody ? frame : beforeBody;
  const nodes = styled.elements.filter(({ name }) => !uncounted.has(name)).length;
  const scripts = styled.elements.filter(
    ({ name, attributes }) => name === 'script' && !dataTypes.test(attributes.type ?? ''),
  ).length;
  const found: Counts = new Map();
  if (hasBody) add(found, 'html-body');
  countElements(styled, found);
  countStyles(styled, found);
  for (const [slug, test] of Object.entries(sheetTests)) add(found, slug, times(styled.sheets, test));

  const warnings = [...found].flatMap(([slug, count]) => warningOf(slug, count) ?? []);
  if (scripts > 0) warnings.unshift(scriptWarning(scripts));
  const weigh = (share: number, { Score }: Warning): number =>
    Math.fround(Math.fround(share * Score.Found) / (nodes || 1));
  const worst = (share: 'Partial' | 'Unsupported'): number =>
    warnings.reduce((most, one) => Math.max(most, weigh(one.Score[share], one)), 0);
  const [partial, unsupported] = [worst('Partial'), worst('Unsupported')];
  const weight = (one: Warning): number => weigh(one.Score.Partial + one.Score.Unsupported, one);
  return {
    Warnings: warnings.sort((a, b) => weight(b) - weight(a)),
    Platforms: clientsByPlatform,
    Total: {
      Tests: countTests(found, scripts),
      Nodes: nodes,
      Supported: float32(Math.fround(100 - partial) - unsupported),
      Partial: float32(partial),
      Unsupported: float32(unsupported),
    },
  };
}
