import { checkFailurePolicies, type FailurePolicies } from '../failure-policies';
import type { ObjectReader } from './object-reader';

export function readFailurePolicies(manifest: ObjectReader): FailurePolicies {
  const policies = manifest.anyObject('failure_policies') ?? {};
  const faults = checkFailurePolicies(policies);
  for (const { pointer, message } of faults) manifest.fault(`failure_policies${pointer}`, message);
  return faults.length === 0 ? (policies as FailurePolicies) : {};
}
