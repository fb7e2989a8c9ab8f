// The list of messages in a browser, over the real server with the mails of a test.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../../support/sandbox.ts';
import { usePages, type Opened } from './page-test.ts';

interface InList extends Opened {
  sandbox: TestSandbox;
  /** Sends mails with these subjects, one after the other. */
  send: (...subjects: string[]) => Promise<void>;
}

/** Sends the mails and opens the list. */
export function useList(pageTest = usePages()) {
  return (title: string, mails: string[], run: (opened: InList) => Promise<void>): void =>
    pageTest(title, { timeout: 60_000, viewport: { width: 1280, height: 900 } }, async (opened) => {
      const sandbox = opened.keep(await startTestSandbox());
      await using wire = await sandbox.wire();
      await wire.hello();
      const send = async (...subjects: string[]): Promise<void> => {
        for (const subject of subjects)
          expect(
            await wire.mail(`From: Ann <ann@shop.example>\r\nSubject: ${subject}\r\n\r\nHello\r\n`),
          ).toMatch(/^250/);
      };
      await send(...mails);
      await opened.page.goto(`${sandbox.url}/inbox`);
      await rows(opened.page).first().waitFor();
      await run({ ...opened, sandbox, send });
    });
}

export const grid = (page: Page) => page.getByRole('grid', { name: 'Messages' });
export const rows = (page: Page) => grid(page).getByRole('row');
/** Of the rows in sight, from above; the reader of the screen hears more. */
export const subjects = (page: Page) => rows(page).locator('.subject').allTextContents();
