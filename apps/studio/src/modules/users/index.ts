export * from './passwords';
export * from './user.entity';
export { emailSchema } from './user.schema';
export * from './users.module';
