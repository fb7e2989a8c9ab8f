// What mail programs know of HTML and CSS, by caniemail.com, as Mailpit shows it.
import data from 'caniemail/caniemail.json' with { type: 'json' };
import { escapeHtml } from '../../../shared/escape-html.ts';
import { float32 } from './float32.ts';

export interface Score {
  Found: number;
  Supported: number;
  Partial: number;
  Unsupported: number;
}

interface Result {
  Name: string;
  Platform: string;
  Family: string;
  Version: string;
  Support: 'yes' | 'no' | 'partial';
  NoteNumber: string;
}

export interface Warning {
  Slug: string;
  Title: string;
  Description: string;
  URL: string;
  Category: string;
  Tags: string[];
  Keywords: string;
  Results: Result[];
  NotesByNumber: Record<string, string>;
  Score: Score;
}

/** The little Markdown that there is: code, links, quotation marks. */
const toHtml = (markdown: string): string =>
  markdown
    .split(/(`[^`]+`|\[[^[\]]+\]\([^)\s]+\))/)
    .map((piece) => {
      const code = /^`([^`]+)`$/.exec(piece)?.[1];
      if (code !== undefined) return `<code>${escapeHtml(code)}</code>`;
      const [, text, url] = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(piece) ?? [];
      return text === undefined || url === undefined
        ? quoted(escapeHtml(piece))
        : `<a href="${escapeHtml(url)}" target="_blank">${toHtml(text)}</a>`;
    })
    .join('');

const quoted = (html: string): string =>
  html
    .replace(/(^|\W)&#39;(?=\w)/g, '$1&lsquo;')
    .replaceAll('&#39;', '&rsquo;')
    .replace(/(^|\W)&quot;(?=\w)/g, '$1&ldquo;')
    .replaceAll('&quot;', '&rdquo;');

const { family: families, platform: platforms } = data.nicenames;

function* supportOf(stats: (typeof data.data)[number]['stats']): Generator<Result> {
  for (const [family, byPlatform] of Object.entries(stats))
    for (const [platform, byVersion] of Object.entries(byPlatform))
      for (const [version, support] of Object.entries(byVersion))
        yield {
          Name: `${families[family] ?? ''} ${platforms[platform] ?? ''} (${version})`,
          ...{ Platform: platform, Family: family, Version: version },
          // As Mailpit reads it: support with a remark is partial.
          Support: ({ y: 'yes', n: 'no' } as const)[support] ?? 'partial',
          NoteNumber: / #\d*(\d)$/.exec(support)?.[1] ?? '',
        };
}

/** Of a feature that was found so many times; undefined where caniemail.com does not know it. */
export function warningOf(slug: string, found: number): Warning | undefined {
  const feature = data.data.find((one) => one.slug === slug);
  if (feature === undefined) return undefined;
  const results = [...supportOf(feature.stats)];
  const share = (support: Result['Support']): number => {
    const part = results.filter(({ Support }) => Support === support).length;
    return float32(Math.fround(part / results.length) * 100);
  };
  const notes = Object.entries(feature.notes_by_num ?? {});
  return {
    ...{ Slug: slug, Title: feature.title, Description: toHtml(feature.description ?? '') },
    ...{ URL: feature.url, Category: feature.category, Tags: feature.tags, Keywords: '', Results: results },
    NotesByNumber: Object.fromEntries(notes.map(([number, note]) => [number, toHtml(note)])),
    Score: { Found: found, Supported: share('yes'), Partial: share('partial'), Unsupported: share('no') },
  };
}

/** The mail programs of each platform. */
export const clientsByPlatform: Record<string, string[]> = (() => {
  const found = new Map<string, Set<string>>();
  for (const { stats } of data.data)
    for (const [family, byPlatform] of Object.entries(stats))
      for (const platform of Object.keys(byPlatform))
        found.set(platform, (found.get(platform) ?? new Set()).add(families[family] ?? ''));
  return Object.fromEntries([...found].map(([platform, names]) => [platform, [...names].sort()]));
})();
