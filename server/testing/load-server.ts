// The built server, loaded past the runner: Jest runs modules in a context of its own, in which native drivers and
// worker threads do not work and everything is loaded anew for each test file.
import { distPath } from '../paths.ts';
import type * as server from './server.ts';

type Modules = Pick<typeof import('node:module'), 'createRequire'>;

export function loadServer(): typeof server {
  const file = distPath('server/sandbox.js');
  // Not `import`: of that Jest has its own. ES modules can be required in all versions of Node that we support.
  const modules = process.getBuiltinModule('node:module');
  // What Jest gives instead extends the real one.
  const real = Object.getPrototypeOf(modules) as Partial<Modules>;
  const createRequire = real.createRequire ?? modules.createRequire;
  return createRequire(file)(file) as typeof server;
}
