// Two messages: what their headers, structure, bodies and attachments have in common.
import type { Attachment, HeaderField, Message, Part } from '../message.ts';
import { align, numberTexts } from './align.ts';
import { changedSpans, type ChangedSpans } from './changed-spans.ts';
import { compareTexts, type ComparedText } from './compare-texts.ts';

export interface ComparedHeader {
  /** As written on the left, or on the right where the left has none. */
  name: string;
  left: HeaderField | null;
  right: HeaderField | null;
  /** moved: the same field at another place among the others. */
  kind: 'same' | 'changed' | 'moved' | 'only-left' | 'only-right';
  /** Of `value`. */
  parts?: ChangedSpans;
}

export interface ComparedPart {
  path: string;
  left: string | null;
  right: string | null;
  kind: 'same' | 'changed' | 'only-left' | 'only-right';
}

export interface ComparedAttachment {
  left: Attachment | null;
  right: Attachment | null;
  /** renamed: the same bytes under another name or type; changed: other bytes under one name. */
  kind: 'same' | 'renamed' | 'changed' | 'only-left' | 'only-right';
}

export interface MessageComparison {
  headers: ComparedHeader[];
  structure: ComparedPart[];
  text: ComparedText[];
  html: ComparedText[];
  attachments: ComparedAttachment[];
  isSame: boolean;
}

const maxHeaders = 5000;

function compareHeaders(allLeft: HeaderField[], allRight: HeaderField[]): ComparedHeader[] {
  const [left, right] = [allLeft.slice(0, maxHeaders), allRight.slice(0, maxHeaders)];
  // The nth field of a name stands for the nth of that name.
  const named = (fields: HeaderField[]): string[] => {
    const count = new Map<string, number>();
    return fields.map(({ name }) => {
      const key = name.toLowerCase();
      count.set(key, (count.get(key) ?? 0) + 1);
      return `${key} ${count.get(key)}`;
    });
  };
  const [a, b] = [named(left), named(right)];
  const [x, y] = numberTexts(a, b);
  const inOrder = align(x!, y!);
  const places = new Map(b.map((name, index) => [name, index]));
  const isPaired = new Set<number>();
  const rows: { at: number; row: ComparedHeader }[] = left.map((field, index) => {
    const other = places.get(a[index]!);
    if (other === undefined)
      return { at: index, row: { name: field.name, left: field, right: null, kind: 'only-left' } };
    isPaired.add(other);
    const pair = { name: field.name, left: field, right: right[other]! };
    if (pair.left.raw !== pair.right.raw)
      return {
        at: index,
        row: { ...pair, kind: 'changed', parts: changedSpans(field.value, pair.right.value) },
      };
    return { at: index, row: { ...pair, kind: inOrder[index] === other ? 'same' : 'moved' } };
  });
  // What only the right has comes behind its neighbour.
  const placeOf = new Map(rows.flatMap(({ at, row }) => (row.right ? [[row.right, at] as const] : [])));
  let before = -1;
  const added = right.flatMap((field, index) => {
    if (isPaired.has(index)) {
      before = placeOf.get(field) ?? before;
      return [];
    }
    const row: ComparedHeader = { name: field.name, left: null, right: field, kind: 'only-right' };
    return [{ at: before + 0.5, row }];
  });
  return [...rows, ...added].sort((one, two) => one.at - two.at).map(({ row }) => row);
}

function flatten(root: Part | null): Map<string, string> {
  const found = new Map<string, string>();
  const open = root ? [root] : [];
  for (let part = open.pop(); part; part = open.pop()) {
    const { path, contentType, charset, encoding, disposition, filename } = part;
    found.set(path, [contentType, charset, encoding, disposition, filename].filter(Boolean).join(', '));
    for (const child of [...part.children].reverse()) open.push(child);
  }
  return found;
}

function compareStructure(left: Part | null, right: Part | null): ComparedPart[] {
  const [a, b] = [flatten(left), flatten(right)];
  return [...new Set([...a.keys(), ...b.keys()])].map((path): ComparedPart => {
    const [one, two] = [a.get(path) ?? null, b.get(path) ?? null];
    const kind = one === null ? 'only-right' : two === null ? 'only-left' : one === two ? 'same' : 'changed';
    return { path, left: one, right: two, kind };
  });
}

function compareAttachments(left: Attachment[], right: Attachment[]): ComparedAttachment[] {
  const open = new Map<string, Attachment[]>();
  const put = (key: string, file: Attachment): void => {
    const known = open.get(key);
    if (known) known.push(file);
    else open.set(key, [file]);
  };
  const taken = new Set<Attachment>();
  const take = (key: string): Attachment | undefined => {
    const files = open.get(key) ?? [];
    // From the end, so that nothing has to move up; the lists are filled from the last file to the first.
    while (files.length > 0 && taken.has(files.at(-1)!)) files.pop();
    const found = files.pop();
    if (found) taken.add(found);
    return found;
  };
  for (const file of [...right].reverse()) {
    put(`both ${file.sha256} ${file.filename} ${file.contentType}`, file);
    put(`hash ${file.sha256}`, file);
    put(`name ${file.filename}`, file);
  }
  const rows = left.map((file): ComparedAttachment & { left: Attachment } => ({
    left: file,
    right: null,
    kind: 'only-left',
  }));
  // The surest pairs first, so that a rename does not take the partner of another.
  const rounds = [
    ['same', ({ sha256, filename, contentType }: Attachment) => `both ${sha256} ${filename} ${contentType}`],
    ['renamed', ({ sha256 }: Attachment) => `hash ${sha256}`],
    ['changed', ({ filename }: Attachment) => `name ${filename}`],
  ] as const;
  for (const [kind, keyOf] of rounds)
    for (const row of rows) {
      const found = row.right === null ? take(keyOf(row.left)) : undefined;
      if (found) Object.assign(row, { right: found, kind });
    }
  const added = right.filter((file) => !taken.has(file));
  return [
    ...rows,
    ...added.map((file): ComparedAttachment => ({ left: null, right: file, kind: 'only-right' })),
  ];
}

export function compareMessages(left: Message, right: Message): MessageComparison {
  const parts = {
    headers: compareHeaders(left.headers, right.headers),
    structure: compareStructure(left.structure, right.structure),
    text: compareTexts(left.text ?? '', right.text ?? ''),
    html: compareTexts(left.html ?? '', right.html ?? ''),
    attachments: compareAttachments(left.attachmentList, right.attachmentList),
  };
  return {
    ...parts,
    isSame: Object.values(parts).every((rows) => rows.every(({ kind }) => kind === 'same')),
  };
}
