import { Status } from '../../grpc/status';
import { answerOf } from './plan';
import type { PlannedCall } from './random-call';

/** How a call ended for its caller. */
export interface Outcome {
  status: number;
  message: string;
  /** Each answer's bytes; shortened to its length and beginning in texts. */
  answers: Buffer[];
  /** The client may have dropped the last answers of a call that failed. */
  lossy?: boolean;
}

/** A client that makes planned calls. */
export interface PlanClient {
  call(planned: PlannedCall): Promise<Outcome>;
  close(): void;
}

/** What a call has to come to, whoever makes and answers it. */
export function expectedOutcome({ plan, request, streams, cancelAfter }: PlannedCall): Outcome {
  if (cancelAfter !== undefined) return { status: Status.CANCELLED, message: '', answers: answersOf(plan.answers.slice(0, cancelAfter), request) };
  if (plan.hangs) return { status: Status.DEADLINE_EXCEEDED, message: '', answers: [] };
  const answered = streams || plan.status === Status.OK;
  return { status: plan.status, message: plan.message, answers: answered ? answersOf(plan.answers, request) : [] };
}

/** Why they are not the same; undefined when they are. How much comes before a deadline, and what is said of it, is nobody's promise. */
export function difference(expected: Outcome, outcome: Outcome): string | undefined {
  const asked = `status ${expected.status} ${JSON.stringify(expected.message)} with ${expected.answers.length} answers`;
  const got = `status ${outcome.status} ${JSON.stringify(outcome.message)} with ${outcome.answers.length} answers`;
  if (expected.status !== outcome.status) return `${got} instead of ${asked}`;
  if (expected.status === Status.DEADLINE_EXCEEDED && expected.message === '') return undefined;
  if (expected.message !== outcome.message) return `${got} instead of ${asked}`;
  if (outcome.lossy ? expected.answers.length < outcome.answers.length : expected.answers.length !== outcome.answers.length) return `${got} instead of ${asked}`;
  const wrong = outcome.answers.findIndex((answer, index) => !answer.equals(expected.answers[index]!));
  return wrong < 0 ? undefined : `answer ${wrong} of ${expected.answers[wrong]!.length} bytes is another one of ${outcome.answers[wrong]!.length}`;
}

function answersOf(sizes: readonly number[], request: Buffer): Buffer[] {
  return sizes.map((bytes, number) => answerOf(request, number, bytes));
}
