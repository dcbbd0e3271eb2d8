import { type ServiceError, status } from '@grpc/grpc-js';

/** What an author's code threw, as one sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A plugin that fails answers UNKNOWN, as compiled plugins do: the host then knows who is to blame. */
export function unknownStatus(error: unknown): Pick<ServiceError, 'code' | 'details'> {
  return { code: status.UNKNOWN, details: messageOf(error) };
}
