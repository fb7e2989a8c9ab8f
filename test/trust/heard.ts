// What ran in a browser, whichever window of it ran it.
import type { BrowserContext } from 'playwright-core';

/**
 * Fills with what runs from now on: a dialog, or a line on the console that only the scripts of a mail write. Asked of the
 * context, since what is asked of a window comes too late for what that one does first.
 */
export function listen(context: BrowserContext): string[] {
  const ran: string[] = [];
  context.on('dialog', (dialog) => {
    ran.push(dialog.message());
    void dialog.dismiss();
  });
  context.on('console', (line) => {
    if (line.type() === 'log' && line.text().includes('RAN:')) ran.push(line.text());
  });
  return ran;
}
