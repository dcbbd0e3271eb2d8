export * from './free-port';
export * from './kill-tree';
export * from './servers';
export * from './spawn-node';
export * from './test-database';
export * from './test-redis';
export * from './toxiproxy';
export * from './wait-for';
