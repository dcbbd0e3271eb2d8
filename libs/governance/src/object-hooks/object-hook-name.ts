export type WriteMoment = 'before' | 'after';
export type WriteVerb = 'create' | 'update' | 'delete';

/** What a plugin is asked about: one moment of one kind of write to one kind of object. */
export interface ObjectHookPoint {
  /** `app`. */
  objectType: string;
  moment: WriteMoment;
  verb: WriteVerb;
}

/** `before_create`, as registrations and requests have it. */
export function hookTypeOf({ moment, verb }: Pick<ObjectHookPoint, 'moment' | 'verb'>): string {
  return `${moment}_${verb}`;
}

/** `app.before_create`, as manifests and policies have it. */
export function objectHookName(point: ObjectHookPoint): string {
  return `${point.objectType}.${hookTypeOf(point)}`;
}
