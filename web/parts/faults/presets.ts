// Presets, searched and put together by whose failure they are.
import type { FaultPreset } from '../../../shared/fault.ts';
import { stageWords, providerWords } from './words.ts';

const providerOf = ({ name }: FaultPreset): string => name.split('/')[0] ?? name;
const labelOf = (provider: string): string =>
  providerWords[provider] ?? provider.charAt(0).toUpperCase() + provider.slice(1);

/** Those in which each word stands somewhere. */
export function findPresets(presets: readonly FaultPreset[], text: string): readonly FaultPreset[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return presets;
  return presets.filter((preset) => {
    const { name, title, text: meaning, stage, reply, then } = preset;
    const said = reply && [reply.code, reply.enhanced, reply.text].join(' ');
    const all = [
      name,
      labelOf(providerOf(preset)),
      title,
      meaning,
      stage,
      stageWords[stage].label,
      said,
      then,
    ];
    const hay = all.join(' ').toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

export interface PresetGroup {
  provider: string;
  label: string;
  presets: FaultPreset[];
}

/** In the order in which they are given. */
export function groupPresets(presets: readonly FaultPreset[]): PresetGroup[] {
  const groups: PresetGroup[] = [];
  for (const preset of presets) {
    const provider = providerOf(preset);
    const known = groups.find((group) => group.provider === provider);
    if (known) known.presets.push(preset);
    else groups.push({ provider, label: labelOf(provider), presets: [preset] });
  }
  return groups;
}
