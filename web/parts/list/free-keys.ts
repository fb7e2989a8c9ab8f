// Keys that move, such as the arrows: meant for the list where nothing else has the focus.
const isFree = ({ target }: KeyboardEvent): boolean =>
  target === document.body || (target instanceof HTMLElement && target.tabIndex < 0);

/** Runs only where the list, or nothing, has the focus. */
export const whenFree =
  (hasFocus: () => boolean, run: () => void) =>
  (event: KeyboardEvent): void => {
    if (!isFree(event) && !hasFocus()) return;
    event.preventDefault();
    run();
  };

export const withoutDefault =
  (run: () => void) =>
  (event: KeyboardEvent): void => {
    event.preventDefault();
    run();
  };
