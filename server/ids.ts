// Public ids: a letter for the kind, then a ULID, so that they sort by time.
import { monotonicFactory } from 'ulid';

const next = monotonicFactory();

export const newMessageId = (): string => `m_${next()}`;
export const newSessionId = (): string => `s_${next()}`;
