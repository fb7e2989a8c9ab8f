// A sample mail on request.
import type { Handlers } from './endpoint.ts';
import type { HttpParts } from './parts.ts';

export const sampleHandlers = ({
  sendSample,
}: Pick<HttpParts, 'sendSample'>): Pick<Handlers, 'sendSample'> => ({
  sendSample: ({ body }) => sendSample(body),
});
