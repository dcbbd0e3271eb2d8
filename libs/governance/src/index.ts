export * from './failure-policies/effective-policy';
export * from './failure-policies/hook-policies';
export * from './object-hooks/object-hook-name';
export * from './object-hooks/plan-object-hooks';
