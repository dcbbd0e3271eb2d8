import { status as Status } from '@grpc/grpc-js';
import { quote } from '../../../handshake/parse-handshake';
import type { Outcome } from './started-plugin';

/** `failed with UNKNOWN "no such table"`, for a sentence about a call. */
export function describeError(outcome: Outcome<unknown>): string {
  if (outcome.kind === 'answer') return 'was answered';
  const name = Status[outcome.status] ?? String(outcome.status);
  return outcome.status === Status.DEADLINE_EXCEEDED ? 'was not answered in time' : `failed with ${name}${outcome.message === '' ? '' : ` ${quote(outcome.message)}`}`;
}
