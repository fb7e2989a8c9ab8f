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

/**
 * Hears also what our own policy stops, which goes to `listen`, and gives the paths of images called `hostile`, which are
 * asked for once such a text has become a part of the page.
 */
export async function listenForTries(context: BrowserContext): Promise<string[]> {
  const asked: string[] = [];
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.resourceType() === 'image' && pathname.startsWith('/hostile')) asked.push(pathname);
  });
  await context.addInitScript(() => {
    if (window !== window.top) return;
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      console.log(`RAN: stopped by ${effectiveDirective}`),
    );
  });
  return asked;
}
