// Python's email package, which nobody here wrote, in a process of its own.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isContainer, isFile, type Reading } from './reading.ts';

interface PythonPart {
  type: string;
  filename: string | null;
  disposition: string | null;
  sha256: string | null;
}
type Failed = { error: string };
interface PythonReading {
  subject: string | Failed;
  from: [string, string][] | Failed;
  to: [string, string][] | Failed;
  cc: [string, string][] | Failed;
  date: number | null | Failed;
  parts: PythonPart[] | Failed;
}

export interface SecondParser extends AsyncDisposable {
  version: string;
  /** One at a time. A field that the package cannot read is left out. */
  read(raw: Buffer): Promise<Partial<Reading>>;
}

function toReading(found: PythonReading): Partial<Reading> {
  const reading: Partial<Reading> = {};
  if (typeof found.subject === 'string') reading.subject = found.subject;
  for (const name of ['from', 'to', 'cc'] as const) {
    const list = found[name];
    if (Array.isArray(list)) reading[name] = list.map(([name, address]) => ({ name, address }));
  }
  if (found.date === null || typeof found.date === 'number')
    reading.date = found.date === null ? null : found.date * 1000;
  if (Array.isArray(found.parts)) {
    reading.parts = found.parts.map(({ type, sha256 }) => ({
      type,
      sha256: isContainer(type) ? null : sha256,
    }));
    reading.attachments = found.parts
      .filter(isFile)
      .map(({ filename, sha256 }) => ({ filename: filename ?? '', sha256 }));
  }
  return reading;
}

export async function startSecondParser(python: string): Promise<SecondParser> {
  const program = fileURLToPath(new URL('second-parser.py', import.meta.url));
  const child = spawn(python, ['-W', 'ignore', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const version = spawn(python, ['--version']);
  let said = '';
  for await (const bytes of version.stdout) said += String(bytes);
  return {
    version: said.trim(),
    async read(raw) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(raw.length);
      child.stdin.write(length);
      child.stdin.write(raw);
      const line = await lines.next();
      if (line.done) throw new Error('python3 ended before it had read all messages.');
      return toReading(JSON.parse(line.value) as PythonReading);
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(0)));
    },
  };
}
