// A wall clock that jumps, for a whole process: libfaketime stands between it and the system. The steady clock is left alone.
import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As Debian's package has it, for processes with threads. */
const library = readdirSync('/usr/lib')
  .flatMap((name) => [`/usr/lib/${name}/faketime`, `/usr/lib/${name}`])
  .map((folder) => join(folder, 'libfaketimeMT.so.1'))
  .find((path) => existsSync(path));

export const whyNoFakeClock =
  process.platform !== 'linux' ? 'this is not Linux' : library ? null : 'there is no libfaketime (faketime)';

/** Offsets from the real time, e.g. `-1d`, `+365d`; `+0` is the real time. */
export function makeFakeClock(folder: string) {
  const file = join(folder, 'clock');
  const set = (offset: string): void => {
    // At once, since it is read at each look at the clock.
    writeFileSync(`${file}.new`, `${offset}\n`);
    renameSync(`${file}.new`, file);
  };
  set('+0');
  return {
    set,
    env: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  };
}
