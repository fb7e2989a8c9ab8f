// Which paths are pages of the web interface; each is answered with the same index.html.
const alone = new Set(['/', '/connect', '/faults', '/issues', '/probe', '/settings', '/inbox', '/sessions']);

/** A page or a file of the interface. They are the same for everyone and hold nothing of any mail. */
export const isInterface = (path: string): boolean =>
  isPage(path) ||
  path.startsWith('/assets/') ||
  /^\/[A-Za-z0-9_-]+\.(ico|png|svg|webmanifest|txt)$/.test(path);

export const isPage = (path: string): boolean =>
  alone.has(path) || ['/inbox/', '/issues/', '/sessions/'].some((start) => path.startsWith(start));
