// How many threads this process has, where the system tells.
import { existsSync, readdirSync } from 'node:fs';

const tasks = '/proc/self/task';
export const areThreadsKnown = existsSync(tasks);
export const threads = (): number => readdirSync(tasks).length;
