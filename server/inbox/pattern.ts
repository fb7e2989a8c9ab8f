// Matches the patterns of inbox rules in time linear in the text: all states at once, and what was once worked out is
// kept as a table of states (a lazy DFA). There is no text that makes it slow.
import { parsePattern, type Node } from './parse-pattern.ts';

/** In lower case. */
export type Pattern = (text: string) => boolean;
export type CompiledPattern = { ok: true; matches: Pattern } | { ok: false; problem: string };

const maxSteps = 500;
/** Sets of steps that are kept; beyond, all are forgotten and made again as needed. */
const maxKept = 500;
/** Ways on from a set are kept for these characters only. */
const maxCode = 256;
const maxCompiled = 5000;

type Step =
  | { type: 'char'; test: (code: number) => boolean; next: number }
  | { type: 'split'; next: number[] }
  | { type: 'start' | 'end'; next: number }
  | { type: 'found' };

class TooLarge extends Error {}

/** From the end to the beginning: each step knows the ones behind it. */
function compileSteps(root: Node): { steps: Step[]; first: number } {
  const steps: Step[] = [{ type: 'found' }];
  const add = (step: Step): number => {
    if (steps.length >= maxSteps) throw new TooLarge();
    return steps.push(step) - 1;
  };
  let compiled = 0;
  function compile(node: Node, next: number): number {
    // What is repeated may be empty, and add no step.
    compiled += 1;
    if (compiled > maxCompiled) throw new TooLarge();
    switch (node.type) {
      case 'empty':
        return next;
      case 'char':
        return add({ type: 'char', test: node.test, next });
      case 'start':
      case 'end':
        return add({ type: node.type, next });
      case 'sequence':
        return node.of.reduceRight((behind, part) => compile(part, behind), next);
      case 'either':
        return add({ type: 'split', next: node.of.map((part) => compile(part, next)) });
      case 'repeat':
        return compileRepeat(node, next);
    }
  }
  function compileRepeat({ of, least, most }: Extract<Node, { type: 'repeat' }>, next: number): number {
    let first = next;
    if (most === Infinity) {
      const loop: Step = { type: 'split', next: [next] };
      first = add(loop);
      loop.next.push(compile(of, first));
    } else {
      for (let n = least; n < most; n += 1) first = add({ type: 'split', next: [next, compile(of, first)] });
    }
    for (let n = 0; n < least; n += 1) first = compile(of, first);
    return first;
  }
  const first = compile(root, 0);
  return { steps, first };
}

interface State {
  /** Steps that take a character. */
  chars: number[];
  /** Found, whatever follows. */
  isFound: boolean;
  /** Found if the text ends here. */
  isFoundAtEnd: boolean;
  next: Map<number, State>;
}

function createMatcher(steps: Step[], first: number): Pattern {
  let kept = new Map<string, State>();
  let beginning: State | undefined;

  /** All that can be reached without taking a character. */
  function stateOf(from: number[], isStart: boolean): State {
    const key = `${isStart ? '^' : ''}${from.join(',')}`;
    const known = kept.get(key);
    if (known) return known;
    const reached = reach(from, isStart, false);
    const state: State = {
      chars: [...reached].filter((at) => steps[at]!.type === 'char').sort((a, b) => a - b),
      isFound: reached.has(0),
      isFoundAtEnd: reach(from, isStart, true).has(0),
      next: new Map(),
    };
    kept.set(key, state);
    return state;
  }

  function reach(from: number[], isStart: boolean, isEnd: boolean): Set<number> {
    const reached = new Set<number>();
    const waiting = [...from];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (reached.has(at)) continue;
      reached.add(at);
      const step = steps[at]!;
      if (step.type === 'split') waiting.push(...step.next);
      else if ((step.type === 'start' && isStart) || (step.type === 'end' && isEnd)) waiting.push(step.next);
    }
    return reached;
  }

  function advance(state: State, code: number): State {
    const targets = new Set<number>();
    for (const at of state.chars) {
      const step = steps[at]!;
      if (step.type === 'char' && step.test(code)) targets.add(step.next);
    }
    // It may begin anywhere.
    targets.add(first);
    if (kept.size >= maxKept) {
      kept = new Map();
      beginning = undefined;
    }
    const next = stateOf(
      [...targets].sort((a, b) => a - b),
      false,
    );
    if (code < maxCode) state.next.set(code, next);
    return next;
  }

  return (text) => {
    let state = (beginning ??= stateOf([first], true));
    for (let at = 0; at < text.length; at += 1) {
      if (state.isFound) return true;
      const code = text.charCodeAt(at);
      state = state.next.get(code) ?? advance(state, code);
    }
    return state.isFound || state.isFoundAtEnd;
  };
}

/** The longest text that must be in what is found: most texts do not have it, which is quick to see. */
function neededText(node: Node): string {
  const parts = node.type === 'sequence' ? node.of : [node];
  let longest = '';
  let current = '';
  for (const part of parts) {
    current = part.type === 'char' && part.literal !== null ? current + part.literal : '';
    if (current.length > longest.length) longest = current;
  }
  return longest;
}

/** Never throws. */
export function compilePattern(text: string): CompiledPattern {
  const parsed = parsePattern(text);
  if (!parsed.ok) return parsed;
  try {
    const { steps, first } = compileSteps(parsed.node);
    const matches = createMatcher(steps, first);
    const needed = neededText(parsed.node);
    return {
      ok: true,
      matches: needed === '' ? matches : (given) => given.includes(needed) && matches(given),
    };
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { ok: false, problem: 'Its repetitions make it too large' };
  }
}
