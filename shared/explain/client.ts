// Which program the client probably is. No mark is proof, so a guess needs several, and none is made below a limit.
import type { Message } from '../message.ts';
import type { Session } from '../session.ts';
import type { TranscriptLine } from '../transcript.ts';
import { clients, type Mark } from './client-marks.ts';
import { readTraits, type ClientTraits } from './client-traits.ts';

export interface ClientGuess {
  name: string;
  /** From 0.55 to 0.99. */
  confidence: number;
  /** What speaks for it, strongest first. */
  evidence: string[];
}

const minScore = 0.55;
/** Such a mark names the program itself and may stand alone. */
const selfNaming = 0.9;
/** Closer than this, two programs cannot be told apart. */
const minLead = 0.1;

interface Score {
  name: string;
  score: number;
  seen: Mark[];
}

function judge(name: string, marks: readonly Mark[], traits: ClientTraits): Score {
  const hits = marks.filter(({ test }) => test(traits));
  const score = hits.reduce((sum, { weight }) => sum + weight, 0);
  const seen = hits.filter(({ weight }) => weight > 0).sort((one, other) => other.weight - one.weight);
  return { name, score, seen };
}

const isFounded = ({ score, seen }: Score): boolean =>
  score >= minScore && (seen.length > 1 || (seen[0]?.weight ?? 0) >= selfNaming);

/** `lines` are those of the session's transcript; `message` one that it stored, if any. Null when it cannot be told. */
export function guessClient(
  session: Session,
  lines: readonly TranscriptLine[],
  message?: Pick<Message, 'headers'>,
): ClientGuess | null {
  const traits = readTraits(session, lines, message);
  const [best, next] = Object.entries(clients)
    .map(([name, marks]) => judge(name, marks, traits))
    .sort((one, other) => other.score - one.score);
  if (!best || !isFounded(best)) return null;
  if (next && isFounded(next) && best.score - next.score < minLead) return null;
  return {
    name: best.name,
    confidence: Math.min(0.99, Math.round(best.score * 100) / 100),
    evidence: best.seen.map(({ evidence }) => evidence),
  };
}
