// Styles that come with a view are asked for once only, by the code that Vite makes: those that did not come, as while the
// server was away, are asked for again here, so that the view does not stand there without.
const lost = new Set<HTMLLinkElement>();

// It does not bubble.
window.addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') lost.add(target);
  },
  { capture: true },
);

async function askAgain(link: HTMLLinkElement): Promise<void> {
  const other = link.cloneNode() as HTMLLinkElement;
  await new Promise((resolve, reject) => {
    other.addEventListener('load', resolve);
    other.addEventListener('error', () => reject(new Error(`${other.href} did not come`)));
    link.replaceWith(other);
  });
}

/** The code of a view, once all styles are there too. */
export async function withStyles<View>(code: Promise<View>): Promise<View> {
  const view = await code;
  const links = [...lost];
  lost.clear();
  await Promise.all(links.map(askAgain));
  return view;
}
