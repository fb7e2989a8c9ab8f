// What a header field is for.
import { headerFamilies, headerFields } from './header-fields.ts';

export interface HeaderExplanation {
  meaning: string;
  /** The RFC, or whose field it is. */
  reference: string;
}

/** Null for a field that nobody is known to have defined; upper and lower case are the same. */
export function explainHeader(name: string): HeaderExplanation | null {
  const key = name.slice(0, 200).trim().toLowerCase();
  const row = headerFields.get(key);
  if (row) return { meaning: row[0], reference: row[1] };
  const family = headerFamilies.find(([start]) => key.length > start.length && key.startsWith(start));
  return family ? { meaning: family[1], reference: family[2] } : null;
}
