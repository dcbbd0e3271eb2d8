export { CHECKS } from './checks';
export type { Check, Section } from './check';
export { SECTIONS } from './check';
export * from './report';
export * from './run-conformance';
export type { Samples } from './subject/samples';
