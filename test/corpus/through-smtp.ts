// Sends messages to a sandbox in this process and says what came of it.
import { findTool } from '../support/tools.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import type { Input } from './inputs.ts';
import { measure } from './measure.ts';
import { add, createTotals, describe, type Totals } from './report.ts';
import { startSecondParser } from './second-parser.ts';

export interface Outcome {
  totals: Totals;
  faults: string[];
  unexplained: string[];
}

export async function sendAndCompare(inputs: AsyncIterable<Input> | Iterable<Input>): Promise<Outcome> {
  await using sandbox = await startTestSandbox({ maxMessages: '0' });
  await using second = await startSecondParser(findTool('python3')!);
  const outcome: Outcome = { totals: createTotals(), faults: [], unexplained: [] };
  for await (const measured of measure(inputs, sandbox, second)) {
    add(outcome.totals, measured);
    if (measured.fault !== null) outcome.faults.push(`${measured.name}: ${measured.fault}`);
    const left = measured.disagreements.filter(({ reason }) => reason === 'unexplained');
    if (left.length > 0) outcome.unexplained.push(...describe({ ...measured, disagreements: left }));
  }
  return outcome;
}
