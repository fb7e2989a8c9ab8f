// The table of rules by which failures are simulated, in the order in which they are tried.

export const faultTable = `
  CREATE TABLE fault (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, definition TEXT NOT NULL) STRICT;
`;
