// For the test of guided input: it opens by four numbers, and only its code tells how many of them are right.
export function opens([first, second, third, fourth]: number[]): boolean {
  if (first !== 3) return false;
  if (second !== 6) return false;
  if (third !== 0) return false;
  return fourth === 9;
}
