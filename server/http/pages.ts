// Which paths are pages of the web interface; each is answered with the same index.html.
const alone = new Set(['/', '/connect', '/faults', '/issues', '/probe', '/settings', '/inbox', '/sessions']);

export const isPage = (path: string): boolean =>
  alone.has(path) || path.startsWith('/inbox/') || path.startsWith('/sessions/');
