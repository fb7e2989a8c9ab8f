import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';

/** Looks at one kind of series. Its findings name other sessions in their evidence; a line is one of the newest. */
export type SeriesRule = (session: Session) => Found | undefined;
