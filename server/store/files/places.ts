// What lies where in a data folder.
import { statSync } from 'node:fs';
import { join } from 'node:path';

export const databaseFile = (folder: string): string => join(folder, 'mailscope.db');
export const bodiesFolder = (folder: string): string => join(folder, 'bodies');

/** Of a file; 0 where there is none. */
export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
