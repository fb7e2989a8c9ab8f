// Prints a message.
import type { Message } from '../../../shared/message.ts';
import { print } from '../print.ts';
import PrintSheet from './PrintSheet.svelte';

export const printMessage = (message: Message, frame: string | null): Promise<void> =>
  print(PrintSheet, { message, frame });
