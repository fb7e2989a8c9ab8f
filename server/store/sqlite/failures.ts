// What went wrong underneath, as one of our errors.
import type { ErrorCode } from '../../../shared/errors.ts';
import { codeOf } from '../../error-code.ts';

export interface Failure {
  code: ErrorCode;
  message: string;
  hint: string | null;
}

const noRoom = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * It cannot be written: the disk fails, is mounted read-only, has no more inodes; or a quota (EDQUOT) or a limit on the
 * size of files (EFBIG), which SQLite reports only as a failed write.
 */
const notWritable = /^(SQLITE_(IOERR|READONLY|CANTOPEN|PERM)|(EIO|EROFS|EACCES|EPERM|ENXIO|ENODEV)$)/;

/** What we see of damage ourselves, as SQLite would say it. */
export const damaged = (text: string): Error => Object.assign(new Error(text), { code: 'SQLITE_NOTADB' });

/** What SQLite says where its functions are given JSON that is damaged. */
export const isMalformedJson = (cause: unknown): boolean =>
  cause instanceof Error && cause.message.includes('malformed JSON');

export const isDamage = (cause: unknown): boolean => /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(cause));

/**
 * SQLite also says "full" of what has nothing to do with the disk, such as too many pieces of a full-text table.
 * `hasRoom` looks whether there is room after all.
 */
export function failureOf(cause: unknown, hasRoom?: () => boolean): Failure {
  const code = codeOf(cause);
  const text = cause instanceof Error ? cause.message : String(cause);
  if (code === 'SQLITE_FULL' && hasRoom?.() === true) {
    return {
      code: 'internal',
      message: `The storage failed (${text}), though the disk of the data folder has room.`,
      hint: 'Restart Mailscope: it puts its search index in order when it starts. A quota may be used up, too.',
    };
  }
  if (noRoom.has(code)) {
    return {
      code: 'storage_full',
      message: `The disk of the data folder has no room left, or a quota is used up (${text}).`,
      hint: 'Free some space or delete messages; the next one is stored without a restart.',
    };
  }
  if (notWritable.test(code)) {
    return {
      code: 'storage_full',
      message: `The data folder cannot be written (${text}). The disk may fail, be read-only or full, or a quota be used up.`,
      hint: 'Check the disk; once it can be written again, the next message is stored without a restart.',
    };
  }
  if (code === 'SQLITE_CONSTRAINT_UNIQUE') {
    return { code: 'conflict', message: 'There is already an entry with this id.', hint: null };
  }
  if (isDamage(cause)) {
    return {
      code: 'internal',
      message: `The database is damaged (${text}).`,
      hint: 'Restart Mailscope: it takes what is whole over into a new database, and keeps the damaged one beside it.',
    };
  }
  return {
    code: 'internal',
    message: `The storage failed (${text}).`,
    hint: 'The data folder must be on a local disk that can be written to. If it is, this is a fault of Mailscope.',
  };
}
