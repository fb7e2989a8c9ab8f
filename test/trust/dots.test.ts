import { test } from 'vitest';
import { sendDots } from '../security/dots.ts';

test(
  'ten thousand random messages of dots and line ends come out as they went in',
  { timeout: 180_000 },
  () => sendDots(10_000),
);
