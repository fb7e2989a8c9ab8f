// The table of issues: problems that were found, with what people decided about them.

export const issueTable = `
  CREATE TABLE issue (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, definition TEXT NOT NULL) STRICT;
`;
