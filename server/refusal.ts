// Mailscope cannot start as it was asked to. The message is made of sentences: what happened first, what to do last,
// why between them. So it reads well anywhere, and survives the way out of a worker thread as text.
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /** What happened, why, and what to do. */
  get parts(): { what: string; why: string; hint: string } {
    const sentences = this.message.split(/(?<=[.)"]) (?=[A-Z"])/);
    const [what = this.message] = sentences;
    return {
      what,
      why: sentences.slice(1, -1).join(' '),
      hint: sentences.length > 1 ? sentences.at(-1)! : '',
    };
  }
}

/** Why a port could not be opened, with the flag that sets it. */
export function refuseListen(cause: unknown, host: string, port: number, flag: string): Refusal {
  const { code, message } = cause as NodeJS.ErrnoException;
  const other = `give another port with ${flag}; 0 takes a free one.`;
  switch (code) {
    case 'EADDRINUSE':
      return new Refusal(
        `Port ${port} on ${host} is in use. Another program listens there, perhaps another Mailscope. Stop it, or ${other}`,
        { cause },
      );
    case 'EACCES':
      return new Refusal(
        `Port ${port} on ${host} may not be opened. Ports below 1024 need special rights. Use another user, or ${other}`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Refusal(
        `Nothing can listen on ${host}. It is no address of this machine (${code}). Give one with --host or --listen.`,
        { cause },
      );
    default:
      return new Refusal(
        `Port ${port} on ${host} cannot be opened. The system says: ${message}. Then ${other}`,
        { cause },
      );
  }
}
