// A preset by its name, and those that were perhaps meant.
import type { FaultPreset } from '../fault.ts';
import { wordDistance } from '../word-distance.ts';
import { faultPresets } from './presets.ts';

export const findPreset = (name: string): FaultPreset | undefined =>
  faultPresets.find((preset) => preset.name === name);

const lastOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** 0: the same but for the provider. */
function farness(asked: string, name: string): number {
  const [short, shortAsked] = [lastOf(name), lastOf(asked)];
  if (short === shortAsked) return 0;
  if (name.includes(shortAsked) || shortAsked.includes(short)) return 1;
  return 1 + Math.min(wordDistance(asked, name), wordDistance(shortAsked, short));
}

/** At most three; the nearest first. */
export function presetsNear(asked: string): string[] {
  const most = 1 + Math.max(2, Math.floor(lastOf(asked).length / 3));
  return faultPresets
    .map(({ name }) => ({ name, far: farness(asked, name) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
}
