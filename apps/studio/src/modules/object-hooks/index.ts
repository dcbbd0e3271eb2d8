export * from './after-hooks';
export * from './hooked-write';
export * from './object-hook-host';
export * from './object-hooks.module';
export * from './object-hooks.service';
