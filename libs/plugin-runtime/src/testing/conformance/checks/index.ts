import { type Check, SECTIONS } from '../check';
import { autoMtlsChecks } from './auto-mtls-checks';
import { brokerChecks } from './broker-checks';
import { defaultChecks } from './default-checks';
import { descriptionChecks } from './description-checks';
import { handshakeChecks } from './handshake-checks';
import { initializeChecks } from './initialize-checks';
import { lifeCycleChecks } from './life-cycle-checks';
import { messageChecks } from './message-checks';
import { processChecks } from './process-checks';
import { promiseChecks } from './promise-checks';
import { registrationChecks } from './registration-checks';
import { rpcChecks } from './rpc-checks';
import { sessionChecks } from './session-checks';
import { streamChecks } from './stream-checks';

const FOUNDATIONS = ['handshake.line', 'health.serving', 'initialize.accepts'];

/** Every check; first those on which others depend, then by section. */
export const CHECKS: readonly Check[] = [
  ...handshakeChecks,
  ...autoMtlsChecks,
  ...initializeChecks,
  ...processChecks,
  ...descriptionChecks,
  ...registrationChecks,
  ...promiseChecks,
  ...sessionChecks,
  ...brokerChecks,
  ...rpcChecks,
  ...defaultChecks,
  ...streamChecks,
  ...messageChecks,
  ...lifeCycleChecks,
].sort((one, other) => rank(one) - rank(other));

function rank({ id, section }: Check): number {
  const foundation = FOUNDATIONS.indexOf(id);
  return foundation >= 0 ? foundation - FOUNDATIONS.length : SECTIONS.indexOf(section);
}
