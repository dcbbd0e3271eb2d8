/** What tells one record from every other. */
export interface RecordName {
  kind: string;
  id: string;
}
