// What `mailscope/jest` gives: matchers and useSandbox.
export { connectForTests } from '../../shared/client/test-client.ts';
export { matchers } from './matchers.ts';
export { startSandbox } from './sandbox.ts';
export { useSandbox } from './use-sandbox.ts';
export type { SandboxOptions } from './options.ts';
export type { Sandbox } from './sandbox.ts';
export type { Hooks } from './use-sandbox.ts';
