// What every driver promises. Run by memory.test.ts and disk.test.ts.
import { describe } from 'vitest';
import type { OpenFresh } from './opened.ts';
import { changeSuite } from './suite-changes.ts';
import { eventSuite } from './suite-events.ts';
import { faultSuite } from './suite-faults.ts';
import { inboxSuite } from './suite-inboxes.ts';
import { issueSuite } from './suite-issues.ts';
import { messageSuite } from './suite-messages.ts';
import { retentionSuite } from './suite-retention.ts';
import { sessionSuite } from './suite-sessions.ts';

export function storeSuite(openFresh: OpenFresh): void {
  describe('messages', () => messageSuite(openFresh));
  describe('changes', () => changeSuite(openFresh));
  describe('sessions', () => sessionSuite(openFresh));
  describe('events', () => eventSuite(openFresh));
  describe('inboxes', () => inboxSuite(openFresh));
  describe('faults', () => faultSuite(openFresh));
  describe('issues', () => issueSuite(openFresh));
  describe('retention', () => retentionSuite(openFresh));
}
