// `npm run test:trust`. Options of the form `--cycles 200` are handed to the tests (see effort.ts), all else to vitest.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const efforts = ['clients', 'cycles', 'cuts', 'seeds', 'minutes'];
const env = { ...process.env };
const rest = [];
for (const words = process.argv.slice(2); words.length > 0;) {
  const word = words.shift();
  const [, name, value] = /^--([a-z]+)(?:=(.*))?$/.exec(word) ?? [];
  if (!efforts.includes(name)) rest.push(word);
  else env[`TRUST_${name.toUpperCase()}`] = value ?? words.shift() ?? '';
}

const vitest = here('../../node_modules/vitest/vitest.mjs');
const child = spawn(process.execPath, [vitest, 'run', '--config', here('vitest.config.ts'), ...rest], {
  env,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
