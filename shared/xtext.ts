/** RFC 3461 4: `+2B` stands for the byte 2B. Each byte is one character of the result, as in Latin-1. */
export const decodeXtext = (text: string): string =>
  text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
