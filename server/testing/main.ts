// What `mailscope` gives to programs. The server is loaded with it, so that starting a sandbox does not wait for that.
import { loadServer } from './load-server.ts';

export * from '../../shared/client/entry.ts';
export { startSandbox } from './sandbox.ts';
export type { SandboxOptions } from './options.ts';
export type { Sandbox, SmtpAddress } from './sandbox.ts';

loadServer();
