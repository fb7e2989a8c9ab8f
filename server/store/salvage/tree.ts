// The rows of a table, also of those of its pages that damage has cut off from its root.
import type { Pages } from './pages.ts';
import { readCell, type Cell } from './record.ts';

const interiorIndex = 2;
const interiorTable = 5;
const leafIndex = 10;
const leafTable = 13;

/** Entries of the pointer map, which a database with auto_vacuum keeps: what a page is, and which is above it. */
const ofRoot = 1;
const ofTree = 5;

interface Node {
  kind: number;
  children: number[];
  cells: number[];
}

/** Null for a page that is none of a tree. */
function readNode(page: Buffer, number: number): Node | null {
  const start = number === 1 ? 100 : 0;
  const kind = page[start]!;
  const isInterior = kind === interiorIndex || kind === interiorTable;
  if (!isInterior && kind !== leafIndex && kind !== leafTable) return null;
  const count = page.readUInt16BE(start + 3);
  const pointers = start + (isInterior ? 12 : 8);
  if (pointers + 2 * count > page.length) return null;
  const cells = Array.from({ length: count }, (_, n) => page.readUInt16BE(pointers + 2 * n));
  const inside = cells.filter((at) => at >= pointers + 2 * count && at + 4 <= page.length);
  if (!isInterior) return { kind, children: [], cells: inside };
  const children = [...inside.map((at) => page.readUInt32BE(at)), page.readUInt32BE(start + 8)];
  return { kind, children, cells: kind === interiorIndex ? inside.map((at) => at + 4) : [] };
}

/** Page numbers by the root of the tree that they belong to. */
export function findTrees(pages: Pages, roots: number[]): Map<number, number[]> {
  const trees = new Map(roots.map((root) => [root, [] as number[]]));
  const seen = new Set<number>();
  for (const [root, found] of trees) {
    const due = [root];
    for (let number = due.pop(); number !== undefined; number = due.pop()) {
      if (number < 1 || number > pages.count || seen.has(number)) continue;
      const page = pages.read(number);
      const node = page === undefined ? null : readNode(page, number);
      if (node === null) continue;
      seen.add(number);
      found.push(number);
      due.push(...node.children);
    }
  }
  for (let number = 3; number <= pages.count; number++) {
    if (!seen.has(number)) trees.get(climb(pages, number) ?? 0)?.push(number);
  }
  return trees;
}

/** The root above a page, by the pointer map. Null for pages that are free or of another kind. */
function climb(pages: Pages, number: number): number | null {
  for (let at = number, steps = 0; steps < 20; steps++) {
    const { kind, above } = pointerOf(pages, at);
    if (kind === ofRoot) return at;
    if (kind !== ofTree || above < 1 || above > pages.count) return null;
    at = above;
  }
  return null;
}

function pointerOf(pages: Pages, number: number): { kind: number; above: number } {
  const perMap = Math.floor(pages.size / 5);
  const map = 2 + Math.floor((number - 2) / (perMap + 1)) * (perMap + 1);
  const page = number < 3 || number === map ? undefined : pages.read(map);
  const at = (number - map - 1) * 5;
  return page === undefined ? { kind: 0, above: 0 } : { kind: page[at]!, above: page.readUInt32BE(at + 1) };
}

/** All rows that can be read in these pages; what can not is left out. */
export function* readRows(pages: Pages, numbers: number[]): Generator<Cell> {
  for (const number of numbers) {
    // Reading a row may read further pages into the same memory.
    const page = Buffer.from(pages.read(number) ?? []);
    const node = page.length === 0 ? null : readNode(page, number);
    for (const at of node?.cells ?? []) {
      let cell: Cell;
      try {
        cell = readCell(pages, page, at, node!.kind === leafTable);
      } catch {
        continue;
      }
      yield cell;
    }
  }
}
