// mailscope check: what is wrong with message files. It needs no running Mailscope.
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { writeFinding } from '../../shared/diagnose/write-finding.ts';
import type { Evidence, Finding } from '../../shared/finding.ts';
import { isAsBad } from '../../shared/severity.ts';
import { escapeControls } from '../log.ts';
import type { CheckOptions } from './diagnosis-commands.ts';
import { explainError } from './explain-error.ts';

/** A finding with the line of the file that it is about. */
interface Checked {
  line: number;
  finding: Finding;
}

function lineAt(raw: Buffer, offset: number): number {
  let line = 1;
  for (let at = raw.indexOf(10); at >= 0 && at < offset; at = raw.indexOf(10, at + 1)) line++;
  return line;
}

/** What is missing is missing in the header, which begins on the first line. */
const lineOf = (raw: Buffer, evidence: readonly Evidence[]): number => {
  const place = evidence.find((one) => one.kind === 'message');
  return place === undefined ? 1 : lineAt(raw, place.offset);
};

async function check(raw: Buffer): Promise<Checked[]> {
  // mailparser takes a tenth of a second to load.
  const { checkMail } = await import('../checking.ts');
  const { found, subject } = await checkMail(raw);
  return found.flatMap((one) => {
    const finding = writeFinding(one, subject, null);
    return finding === undefined ? [] : [{ line: lineOf(raw, one.evidence), finding }];
  });
}

function write(file: string, { line, finding }: Checked): string[] {
  const { severity, confidence, title, rule, explanation, fixes, evidence } = finding;
  const sure = confidence < 0.6 ? 'perhaps: ' : '';
  const quoted = evidence.find((one) => one.kind === 'message' && one.text);
  return [
    `${file}:${String(line)}: ${severity}: ${sure}${title} (${rule})`,
    `   ${explanation}`,
    ...(quoted?.kind === 'message' && quoted.text ? [`   > ${quoted.text.slice(0, 120)}`] : []),
    ...fixes.map(({ text }) => `   - ${text}`),
  ];
}

/** Resolves with the exit code: 1 where a finding is as bad as `failOn`, or a file cannot be read. */
export async function checkFiles({ files, failOn, json }: CheckOptions): Promise<number> {
  const items: { file: string; findings: (Finding & { line: number })[] }[] = [];
  let failed = false;
  for (const file of files) {
    let raw: Buffer;
    try {
      raw = file === '-' ? await buffer(process.stdin) : await readFile(file);
    } catch (error) {
      failed = true;
      process.stderr.write(explainError(error).text);
      continue;
    }
    const all = await check(raw);
    failed ||= failOn !== 'never' && all.some(({ finding }) => isAsBad(finding.severity, failOn));
    items.push({ file, findings: all.map(({ line, finding }) => ({ line, ...finding })) });
    if (json) continue;
    const lines = all.length === 0 ? [`${file}: nothing found`] : all.flatMap((one) => write(file, one));
    process.stdout.write(lines.map((line) => `${escapeControls(line)}\n`).join(''));
  }
  if (json) process.stdout.write(`${JSON.stringify({ items })}\n`);
  return failed ? 1 : 0;
}
