// Clients that others wrote. Where one is not installed, its tests are skipped, and that is said.

/** The module, or null. A name in a variable: types of what may not be there cannot be asked for. */
export async function loadClient<T>(name: string): Promise<T | null> {
  try {
    const loaded = (await import(name)) as { default?: T } & T;
    return loaded.default ?? loaded;
  } catch (error) {
    if (!/Cannot find|Failed to resolve|Could not resolve|ERR_MODULE_NOT_FOUND/.test(String(error)))
      throw error;
    console.warn(`SKIPPED: the tests with the client ${name}, which is not installed`);
    return null;
  }
}
