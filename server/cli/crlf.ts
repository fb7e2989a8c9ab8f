// Line endings as SMTP has them: what a shell writes ends in LF alone.
import { Transform } from 'node:stream';

const CR = 13;
const LF = 10;

/** Puts a CR before each LF that has none; all other bytes pass as they are. */
export function crlfLines(): Transform {
  let last = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      let start = 0;
      for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
        if ((at === 0 ? last : chunk[at - 1]) === CR) continue;
        this.push(chunk.subarray(start, at));
        this.push('\r');
        start = at;
      }
      last = chunk[chunk.length - 1] ?? last;
      done(null, chunk.subarray(start));
    },
  });
}
