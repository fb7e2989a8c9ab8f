// What lies where in a data folder.
import { join } from 'node:path';

export const databaseFile = (folder: string): string => join(folder, 'mailscope.db');
export const bodiesFolder = (folder: string): string => join(folder, 'bodies');
