/** Where a plugin's process comes from. */
export type Deployment = { kind: 'file'; path: string };
