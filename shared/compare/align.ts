// The longest common subsequence of two sequences (Myers, "An O(ND) Difference Algorithm", divide and conquer): which
// elements of the left stand for which of the right. Where the sides have little in common it settles for a good
// alignment in place of the best, so that the time stays bounded.

interface Box {
  leftFrom: number;
  leftTo: number;
  rightFrom: number;
  rightTo: number;
}

/** Most edits that are looked for in one piece; time is about the number of elements times this. */
const defaultCost = 1000;

/** The point where a shortest way of edits through the box has its middle; null when nothing is in common. */
function middle(
  left: Uint32Array,
  right: Uint32Array,
  box: Box,
  maxCost: number,
): [x: number, y: number] | null {
  const { leftFrom, leftTo, rightFrom, rightTo } = box;
  const [width, height] = [leftTo - leftFrom, rightTo - rightFrom];
  const most = Math.min(Math.ceil((width + height) / 2), maxCost);
  const offset = most + 1;
  const size = 2 * most + 3;
  const forward = new Int32Array(size).fill(-1);
  const backward = new Int32Array(size).fill(-1);
  forward[offset + 1] = 0;
  backward[offset + 1] = 0;
  const delta = width - height;
  const isOdd = delta % 2 !== 0;
  let [forwardStart, forwardEnd, backwardStart, backwardEnd] = [0, 0, 0, 0];
  for (let d = 0; d < most; d++) {
    for (let k = -d + forwardStart; k <= d - forwardEnd; k += 2) {
      const at = offset + k;
      let x =
        k === -d || (k !== d && forward[at - 1]! < forward[at + 1]!)
          ? forward[at + 1]!
          : forward[at - 1]! + 1;
      let y = x - k;
      while (x < width && y < height && left[leftFrom + x] === right[rightFrom + y]) {
        x++;
        y++;
      }
      forward[at] = x;
      if (x > width) forwardEnd += 2;
      else if (y > height) forwardStart += 2;
      else if (isOdd) {
        const other = offset + delta - k;
        if (other >= 0 && other < size && backward[other]! !== -1 && x >= width - backward[other]!)
          return [x, y];
      }
    }
    for (let k = -d + backwardStart; k <= d - backwardEnd; k += 2) {
      const at = offset + k;
      let x =
        k === -d || (k !== d && backward[at - 1]! < backward[at + 1]!)
          ? backward[at + 1]!
          : backward[at - 1]! + 1;
      let y = x - k;
      while (x < width && y < height && left[leftTo - 1 - x] === right[rightTo - 1 - y]) {
        x++;
        y++;
      }
      backward[at] = x;
      if (x > width) backwardEnd += 2;
      else if (y > height) backwardStart += 2;
      else if (!isOdd) {
        const other = offset + delta - k;
        if (other >= 0 && other < size && forward[other]! !== -1) {
          const reached = forward[other]!;
          if (reached >= width - x) return [reached, reached - (other - offset)];
        }
      }
    }
  }
  return most < maxCost ? null : furthest(forward, offset, width, height);
}

/** Given up: where most of the way is behind us. */
function furthest(
  forward: Int32Array,
  offset: number,
  width: number,
  height: number,
): [x: number, y: number] | null {
  let best: [number, number] | null = null;
  for (let at = 0; at < forward.length; at++) {
    const x = forward[at]!;
    const y = x - (at - offset);
    if (x < 0 || y < 0 || x > width || y > height || x + y === width + height) continue;
    if (best === null || x + y > best[0] + best[1]) best = [x, y];
  }
  return best !== null && best[0] + best[1] > 0 ? best : null;
}

/** For each element of the left the index of its partner on the right, or -1; partners never cross. */
export function align(left: Uint32Array, right: Uint32Array, maxCost = defaultCost): Int32Array {
  const partner = new Int32Array(left.length).fill(-1);
  const boxes: Box[] = [{ leftFrom: 0, leftTo: left.length, rightFrom: 0, rightTo: right.length }];
  for (let box = boxes.pop(); box; box = boxes.pop()) {
    let { leftFrom, leftTo, rightFrom, rightTo } = box;
    while (leftFrom < leftTo && rightFrom < rightTo && left[leftFrom] === right[rightFrom])
      partner[leftFrom++] = rightFrom++;
    while (leftFrom < leftTo && rightFrom < rightTo && left[leftTo - 1] === right[rightTo - 1])
      partner[--leftTo] = --rightTo;
    if (leftFrom === leftTo || rightFrom === rightTo) continue;
    const point = middle(left, right, { leftFrom, leftTo, rightFrom, rightTo }, maxCost);
    if (point === null) continue;
    const [x, y] = [leftFrom + point[0], rightFrom + point[1]];
    boxes.push(
      { leftFrom: x, leftTo, rightFrom: y, rightTo },
      { leftFrom, leftTo: x, rightFrom, rightTo: y },
    );
  }
  return partner;
}

/** Equal texts as equal numbers, over all lists given. */
export function numberTexts(...lists: string[][]): Uint32Array[] {
  const numbers = new Map<string, number>();
  return lists.map((list) =>
    Uint32Array.from(list, (text) => {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    }),
  );
}
