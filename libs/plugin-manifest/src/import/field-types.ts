/** What the `type` of a config field is as JSON Schema. `select` takes its type from the options; `json` is anything. */
export const FIELD_TYPES: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map<string, Readonly<Record<string, unknown>>>([
  ['string', { type: 'string' }],
  ['text', { type: 'string' }],
  ['textarea', { type: 'string' }],
  ['password', { type: 'string', 'x-secret': true }],
  ['secret', { type: 'string', 'x-secret': true }],
  ['url', { type: 'string', format: 'uri' }],
  ['email', { type: 'string', format: 'email' }],
  ['date', { type: 'string', format: 'date' }],
  ['number', { type: 'number' }],
  ['integer', { type: 'integer' }],
  ['boolean', { type: 'boolean' }],
  ['select', {}],
  ['multiselect', { type: 'array', uniqueItems: true }],
  ['array', { type: 'array' }],
  ['object', { type: 'object' }],
  ['json', {}],
]);
