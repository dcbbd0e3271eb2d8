export * from './organization.entity';
export * from './organizations.module';
