// The names of inboxes.

/** Has what no other inbox takes. */
export const defaultInbox = 'default';
export const inboxNameForm = /^[a-z0-9][a-z0-9._-]{0,62}$/;
