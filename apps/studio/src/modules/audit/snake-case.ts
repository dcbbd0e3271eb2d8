/** The members of an entity by the names that the API gives them. What is inside them stays as it is. */
export function inSnakeCase(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase(), value]));
}
