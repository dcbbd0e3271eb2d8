/** What an update sets, without what stays as it was. Values are compared as JSON. */
export function changedMembers<T extends object>(before: Readonly<T>, patch: Partial<NoInfer<T>>): Partial<T> {
  const changed = Object.entries(patch).filter(([name, value]) => value !== undefined && canonical(value) !== canonical(before[name as keyof T]));
  return Object.fromEntries(changed) as Partial<T>;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}
