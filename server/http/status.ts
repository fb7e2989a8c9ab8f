// What runs, and the certificate that clients may trust.
import { MailscopeError } from '../../shared/errors.ts';
import { written, type Handlers } from './endpoint.ts';
import type { HttpParts } from './parts.ts';

export function statusHandlers({
  status,
  caPem,
}: Pick<HttpParts, 'status' | 'caPem'>): Pick<Handlers, 'readStatus' | 'readReady' | 'readCa'> {
  return {
    readStatus: (_given, { view }) => status(view),
    readReady: () => ({ ready: true }),
    readCa: (_given, { response }) => {
      if (caPem === null)
        throw new MailscopeError('not_found', 'There is no local CA: a certificate was given at the start.', {
          hint: 'Trust the issuer of that certificate.',
        });
      response.setHeader('Content-Type', 'application/x-pem-file');
      response.setHeader('Content-Disposition', 'attachment; filename="mailscope-ca.pem"');
      response.setHeader('Cache-Control', 'no-cache');
      response.end(caPem);
      return written;
    },
  };
}
