// Writes what each failed try of a test said into the file that TELL_FAILURES names: of the output of a CI run often
// only the end is kept.
import { appendFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

interface Failure {
  name?: string | undefined;
  message: string;
  stacks?: readonly { file: string; line: number }[] | undefined;
}

/** Enough to see what differed; a page or a database in full would push out the others. */
const mostCharacters = 1500;

function describe(told: string, failures: readonly Failure[]): string {
  const tries = failures.map(({ name, message, stacks }) => {
    const at = (stacks ?? []).map(({ file, line }) => `at ${file}:${line}`);
    const said = stripVTControlCharacters(`${name ?? 'Error'}: ${message}`).slice(0, mostCharacters);
    return [said, ...at.slice(0, 5)].join('\n').replaceAll('\n', '\n  ');
  });
  return [told, ...tries].join('\n  ') + '\n';
}

class TellFailures implements Reporter {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result();
    if (!errors?.length) return;
    const told = state === 'failed' ? 'FAILED' : 'PASSED ONLY WHEN TRIED AGAIN';
    this.#tell(`${told}: ${test.module.relativeModuleId} > ${test.fullName}`, errors);
  }

  onTestSuiteResult(suite: TestSuite): void {
    this.#tell(`FAILED: ${suite.module.relativeModuleId} > ${suite.fullName}`, suite.errors());
  }

  onTestModuleEnd(module: TestModule): void {
    this.#tell(`FAILED: ${module.relativeModuleId}`, module.errors());
  }

  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly Failure[]): void {
    this.#tell('FAILED: outside of any test', unhandled);
  }

  #tell(told: string, failures: readonly Failure[]): void {
    if (failures.length > 0) appendFileSync(this.#file, describe(told, failures));
  }
}

/** How often what failed is tried again: in CI once, and `.ci/run` tells what was, and why. */
export const tries = process.env.CI === undefined ? 0 : 1;

/** For `reporters` of a configuration. */
export function reporters(): (string | Reporter)[] {
  const file = process.env.TELL_FAILURES;
  return file ? ['default', new TellFailures(file)] : ['default'];
}
