// One value of the option table, as it was written, to what it means.
import { resolve } from 'node:path';
import { parseDuration, parseSize } from '../../shared/units.ts';
import type { Option } from './option.ts';
import { envOf, flagOf, options, type OptionName } from './options.ts';
import { emptyError, UsageError } from './usage-error.ts';

export type Value = string | number | boolean | string[] | null;

/** Where a value was written: a flag, a variable, or a file with its folder. */
export interface Source {
  kind: 'flag' | 'environment' | 'file' | 'default';
  folder: string;
}

const truths = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

function nameIn(source: Source, name: OptionName): string {
  if (source.kind === 'environment') return envOf(name);
  return source.kind === 'file' ? `"${name}" of the configuration file` : flagOf(name);
}

interface Rule {
  /** Undefined: cannot be read. */
  read(text: string, option: Option): Value | undefined;
  must: string;
  example: string;
}
/** `--max-age 7` is hardly meant as 7 ms, which would remove all mail. */
export const lacksUnit = (text: string): boolean => /^\s*[\d.]+\s*$/.test(text) && Number(text) !== 0;

const whole = (text: string, most: number): number | undefined =>
  /^\d{1,15}$/.test(text) && Number(text) <= most ? Number(text) : undefined;

const rules: Record<Exclude<Option['type'], 'list' | 'path'>, Rule> = {
  text: { read: (text) => (text === '' ? undefined : text), must: 'must not be empty', example: 'a name' },
  port: {
    read: (text, option) => (option.mayBeOff && text === 'off' ? null : whole(text, 65_535)),
    must: 'is a number from 0 to 65535; 0 takes a free port',
    example: '0',
  },
  count: { read: (text) => whole(text, 1e15), must: 'is a whole number', example: '1000' },
  size: { read: parseSize, must: 'is a size in bytes or with a unit such as MB or MiB', example: '50MiB' },
  duration: {
    read: parseDuration,
    must: 'is a time with its unit, such as 300ms, 8s, 2m, 1h or 7d',
    example: '5m',
  },
  age: {
    read: (text) => (lacksUnit(text) ? undefined : parseDuration(text)),
    must: 'is a time with its unit, such as 12h or 7d',
    example: '7d',
  },
  switch: { read: (text) => truths.get(text.toLowerCase()), must: 'is true or false', example: 'true' },
  choice: {
    read: (text, { choices }) => choices?.find((choice) => choice === text),
    must: 'is one of the choices',
    example: '',
  },
};

function readList(name: OptionName, given: unknown, source: Source): string[] {
  const option: Option = options[name];
  // A variable is one text: several, or one object, which has commas of its own.
  const isObject = typeof given === 'string' && given.trimStart().startsWith('{');
  const splits = (source.kind === 'environment' && !isObject) || option.choices !== undefined;
  const texts = (Array.isArray(given) ? given : [given]).map((item: unknown) =>
    typeof item === 'object' && item !== null ? JSON.stringify(item) : String(item),
  );
  const all = splits ? texts.flatMap((text) => text.split(',')) : texts;
  const items = all.map((text) => text.trim()).filter((text) => text !== '');
  if (option.guards && items.length < all.length) throw emptyGuard(name, source);
  if (!option.choices) return items;
  return items.map((item) => {
    const known = option.choices?.find((choice) => choice === item.toUpperCase());
    if (known) return known;
    throw new UsageError(
      `${nameIn(source, name)}: "${item}" cannot be used.`,
      `Known are ${option.choices?.join(', ')}.`,
      `Write for example ${flagOf(name)} ${option.choices?.slice(0, 2).join(',')}.`,
    );
  });
}

const emptyGuard = (name: OptionName, source: Source): UsageError =>
  emptyError(nameIn(source, name), 'a value', ' Without it anyone could come in.');

/** Throws UsageError. */
export function readValue(name: OptionName, given: unknown, source: Source): Value {
  const option: Option = options[name];
  const { type } = option;
  const isPlain = ['string', 'number', 'boolean'].includes(typeof given);
  const list = `an array of texts${option.takesObjects ? ' or objects' : ''}`;
  if (!isPlain && !(type === 'list' && Array.isArray(given)))
    throw new UsageError(
      `${nameIn(source, name)} cannot be used.`,
      `It has to be ${type === 'list' ? list : 'a text, a number, true or false'}.`,
      'Correct it in the file.',
    );
  if (type === 'list') return readList(name, given, source);
  const text = String(given);
  if (option.guards && text === '') throw emptyGuard(name, source);
  if (type === 'path') {
    // It would be the working directory.
    if (text.trim() === '') throw emptyError(nameIn(source, name), 'a path');
    return text === ':memory:' ? text : resolve(source.folder, text);
  }
  const rule = rules[type];
  // A number of a program or of JSON is one of milliseconds; on a command line nobody would know.
  const isBare = type === 'duration' && typeof given === 'string' && lacksUnit(text);
  const value = isBare ? undefined : rule.read(text, option);
  if (value !== undefined) return value;
  const example = type === 'choice' ? option.choices![0]! : rule.example;
  // Kubernetes gives each service such variables: MAILSCOPE_SMTP_PORT=tcp://10.0.0.7:1025.
  const isServiceLink = source.kind === 'environment' && text.startsWith('tcp://');
  throw new UsageError(
    `${nameIn(source, name)}: "${text.slice(0, 100)}" cannot be used.`,
    type === 'choice' ? `It is one of ${option.choices?.join(', ')}.` : `The value ${rule.must}.`,
    isServiceLink
      ? 'Kubernetes set this for a service of that name: turn enableServiceLinks off, or rename the service.'
      : `Write for example ${source.kind === 'environment' ? `${envOf(name)}=` : `${flagOf(name)} `}${example}.`,
  );
}
