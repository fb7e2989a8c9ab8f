// Where data and the local CA are when nobody says otherwise: below the home folder, which a user need not have.
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { envOf } from './options.ts';
import { UsageError } from './usage-error.ts';

type Environment = Record<string, string | undefined>;

/** Null: there is none, as for a user of a container who is only a number. */
function homeFolder(): string | null {
  try {
    const home = homedir();
    // HOME may be empty, which is the working directory to nobody.
    return isAbsolute(home) ? home : null;
  } catch {
    return null;
  }
}

function baseFolder(env: Environment, variable: string, otherwise: string): string | null {
  const given = env[variable];
  // The XDG specification has relative values ignored.
  if (given?.startsWith('/')) return join(given, 'mailscope');
  const home = homeFolder();
  return home === null ? null : join(home, otherwise, 'mailscope');
}

/** Throws UsageError where there is no home folder. */
export function dataFolderOf(env: Environment): string {
  const folder = baseFolder(env, 'XDG_DATA_HOME', join('.local', 'share'));
  if (folder !== null) return folder;
  throw new UsageError(
    'There is no folder for the data.',
    'This user has no home folder, where it would be.',
    'Give one with --data; with --data :memory: nothing is kept.',
  );
}

/** Of the local CA, where no file and no flag say otherwise. */
export const certFolderOf = (env: Environment): string | null =>
  env[envOf('certDir')] || baseFolder(env, 'XDG_CONFIG_HOME', '.config');
