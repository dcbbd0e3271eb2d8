/** What tells one record from every other. */
export interface RecordName {
  kind: string;
  id: string;
}

/** A record of a kind that this version does not know: it is kept, counted and passed on, and otherwise ignored. */
export interface UnknownRecord extends RecordName {
  data: Record<string, unknown>;
}
