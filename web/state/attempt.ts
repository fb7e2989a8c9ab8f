/** Makes a call; whether it was done. What went wrong stays in `error` until one is done. */
export async function attempt(state: { error: unknown }, call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    state.error = null;
    return true;
  } catch (error) {
    state.error = error;
    return false;
  }
}
