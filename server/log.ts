// One line for each notice, on standard error. What a client sent may stand in it, so nothing in a line can
// break it or reach the terminal as an escape.

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Log {
  error(text: string, cause?: unknown): void;
  warn(text: string, cause?: unknown): void;
  info(text: string): void;
  debug(text: string): void;
}

// C0, DEL and C1 drive terminals; U+2028 and U+2029 break lines; the bidirectional controls reorder what is read.

const unsafe = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Shows control characters as `\x1b` or `\u202e`, so that a text is safe on a terminal and stays one line. */
export function escapeControls(text: string): string {
  return text.replace(unsafe, (char) => {
    const code = char.charCodeAt(0);
    return code < 256
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

function explain(cause: unknown): string {
  if (cause === undefined) return '';
  return `: ${cause instanceof Error ? (cause.stack ?? cause.message).slice(0, 2000) : String(cause)}`;
}

export function createLog(
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Log {
  const most = logLevels.indexOf(level);
  const at =
    (name: LogLevel) =>
    (text: string, cause?: unknown): void => {
      if (logLevels.indexOf(name) > most) return;
      write(`${new Date().toISOString()} ${name.padEnd(5)} ${escapeControls(text + explain(cause))}\n`);
    };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}
