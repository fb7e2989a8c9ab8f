// Addresses that say how their mail is to fail, so that a test needs no rule: bounce+550-5.1.1+no-such-user@example.com
// is answered `550 5.1.1 no such user`. Any domain will do.

const form = /^bounce\+([45]\d\d)(?:-([45]\.\d{1,3}\.\d{1,3}))?(?:\+([A-Za-z0-9._-]{1,100}))?@/i;

/** The reply that the address asks for; null for any other address. */
export function parseBounceAddress(
  address: string,
): { code: number; enhanced: string | null; text: string } | null {
  // Nearly all addresses are others.
  if (address[6] !== '+') return null;
  const found = form.exec(address);
  if (!found) return null;
  const [, code = '', enhanced = null, words] = found;
  if (enhanced !== null && enhanced[0] !== code[0]) return null;
  const text = words === undefined ? `The address asks for this reply` : words.replace(/[_-]+/g, ' ').trim();
  return { code: Number(code), enhanced, text };
}
