// How tall rows are that are placed without being measured.

/** Above 1 where the browser was told to make letters larger than usual. */
const letters = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1);

/** `usual`, in pixels, is for letters of the usual size. */
export const rowHeight = (usual: number): number => Math.round(usual * letters);
