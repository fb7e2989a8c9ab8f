// What the option table says of a setting.

/**
 * How a value is read. `port` is 0 to 65535, or `off` where `mayBeOff`; `size` and `duration` as in shared/units.ts,
 * `age` as `duration` with its unit; `path` is relative to the working directory, or to the file that it stands in;
 * `list` is given several times as a flag, as an array in the file, and separated by commas in the environment, where a
 * single one may be an object.
 */
export type OptionType =
  'text' | 'port' | 'count' | 'size' | 'duration' | 'age' | 'switch' | 'path' | 'choice' | 'list';

export interface Option {
  type: OptionType;
  /** As a person would write it; null: said by the help line. */
  default: string | boolean | string[] | null;
  /** What stands for the value in the help. */
  value?: string;
  choices?: readonly string[];
  mayBeOff?: boolean;
  /** An item of the list may be an object in the file. */
  takesObjects?: true;
  /** An empty value, as of a variable that was never filled, is refused: it would leave the door open. */
  guards?: true;
  help: string;
  group: 'Addresses' | 'Login' | 'TLS' | 'Data' | 'Limits' | 'Faults' | 'Running';
}
