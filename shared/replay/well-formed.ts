/** Halves of surrogate pairs have no UTF-8; they become U+FFFD. */
export const toWellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');
