export { secretPaths } from './secret-paths';
export { checkConfigSchema, validateConfig } from './validate-config';
