// Reads a configuration as the program does, apart from the environment of the tests.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig, type ConfigSources } from '../../server/config/read-config.ts';
import { UsageError } from '../../server/config/usage-error.ts';

/** Gives a folder with that configuration file, or with none. */
export async function folderWith(file?: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  if (file !== undefined)
    await writeFile(
      join(folder, 'mailscope.config.json'),
      typeof file === 'string' ? file : JSON.stringify(file),
    );
  return folder;
}

export const read = (sources: ConfigSources = {}) => readConfig({ env: {}, folder: '/nowhere', ...sources });

export function refusal(sources: ConfigSources): UsageError {
  try {
    read(sources);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}
