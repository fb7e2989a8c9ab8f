// `latest` in a URL, as in the API: it becomes the id of what is the newest, so that the page stays on it.
import type { Client } from './client.ts';
import { inboxPath, sessionPath, type Route, type Router } from './route.svelte.ts';

export const newest = 'latest';

/** Where there is nothing yet the URL stays, and the view says that nothing was found. */
export async function goToNewest(client: Client, router: Router, route: Route): Promise<void> {
  try {
    const params = { id: newest };
    let path: string;
    if (route.view === 'inbox') {
      const { id } = await client.readMessage({ params });
      path = inboxPath(id, route.tab, route.query, route.inbox);
    } else if (route.view === 'sessions') {
      const { id } = await client.readSession({ params });
      path = sessionPath(id, route.tab, route.line, route.query);
    } else return;
    if (router.current === route) router.go(path, { replace: true });
  } catch {
    // The view asks the same, and shows the error.
  }
}
