const failed = ({ status }) => status === 'FAILURE';

/**
 * One line for each scenario: what came of it on the way that is judged, and whether it is what came of it directly.
 * @returns `{ lines, faults }`; a fault is a required scenario that failed, and any that differs from direct.
 */
export function compare(direct, through, required) {
  const lines = [];
  const faults = [];
  for (const scenario of [...new Set([...required, ...direct.keys(), ...through.keys()])]) {
    const [here, there] = [through.get(scenario), direct.get(scenario)];
    const isRequired = required.has(scenario);
    const difference = differenceOf(there, here);
    const failures = here?.filter(failed) ?? [];
    const passes = here !== undefined && failures.length === 0;
    lines.push(`${passes ? 'passed' : 'FAILED'}  ${difference ? 'DIFFERS' : 'equal  '}  ${scenario}${isRequired ? '' : ' (not required)'}`);
    if (difference) faults.push(`${scenario}: ${difference}`);
    if (isRequired && !passes) faults.push(`${scenario}: ${failures.map(({ id, errorMessage }) => `${id}: ${errorMessage}`).join('; ') || 'it did not run'}`);
  }
  return { lines, faults };
}

function differenceOf(direct, through) {
  if (!direct || !through) return 'it ran on one of the two ways only';
  const outcomes = (checks) => checks.map(({ id, status }) => `${id} ${status}`).sort();
  const [here, there] = [outcomes(through), outcomes(direct)];
  const only = [...here.filter((outcome) => !there.includes(outcome)), ...there.filter((outcome) => !here.includes(outcome)).map((outcome) => `directly ${outcome}`)];
  if (only.length > 0) return only.join(', ');
  return here.length === there.length ? undefined : `${here.length} checks, directly ${there.length}`;
}
