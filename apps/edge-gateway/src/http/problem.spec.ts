import { requestErrors } from './request-errors';
import { HTTP_STATUS } from '@sluice/kernel';
import { toProblem } from './problem';

describe('toProblem', () => {
  it('carries the RFC 9457 members and error with the same sentence', () => {
    const error = new requestErrors.starting({ secret: 'of the log' }, { detail: 'Wait a second.' });
    expect(toProblem(error, 'abc')).toEqual({
      type: 'urn:sluice:error:request.starting',
      title: 'The gateway is starting.',
      status: 503,
      detail: 'Wait a second.',
      code: 'request.starting',
      trace_id: 'abc',
      error: 'Wait a second.',
    });
  });

  it('gives every kind of error a status that is an error', () => {
    for (const status of Object.values(HTTP_STATUS)) expect(status).toBeGreaterThanOrEqual(400);
  });
});
