// How large a page of the database is, and from where on the database is large. Also the main thread asks, where SQLite is
// not loaded.

export const pageBytes = 4096;
/** In a database of so many pages, a gigabyte, a long change such as a purge strews what it writes over all of it. */
export const usualLargePages = 250_000;
