// The compiler would read types from half a megabyte of data.
declare module 'caniemail/caniemail.json' {
  interface Feature {
    slug: string;
    title: string;
    description: string | null;
    url: string;
    category: string;
    tags: string[];
    /** By family, platform and version: `y`, `n`, `a` or `u`, and numbers of notes behind it. */
    stats: Record<string, Record<string, Record<string, string>>>;
    notes_by_num: Record<string, string> | null;
  }
  const data: {
    nicenames: { family: Record<string, string>; platform: Record<string, string> };
    data: Feature[];
  };
  export default data;
}
